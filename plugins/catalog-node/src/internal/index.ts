// What Greenroom's own plugins share beyond the public surface. Only catalog-backend, scaffolder-backend and their modules may import this.
export * from './catalogModel';
export * from './composeDocuments';
export * from './loadCatalogModel';
