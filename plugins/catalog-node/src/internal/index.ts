// Shared by Greenroom's own plugins beyond the public API. Only catalog-backend, scaffolder-backend and their modules may import it.
export * from './catalogModel';
export * from './checkRuleParams';
export * from './composeDocuments';
export * from './FailureLog';
export * from './findUnfitSyntax';
export * from './isPostgres';
export * from './loadCatalogModel';
export * from './whileUnused';
