// What Greenroom's own plugins share beyond the public API. Only catalog-backend, scaffolder-backend and their modules may import this.
export * from './catalogModel';
export * from './composeDocuments';
export * from './loadCatalogModel';
