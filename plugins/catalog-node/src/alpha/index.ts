// The subpath ./alpha: API that may still change in any release.
export * from './catalogEntityPermissionResourceRef';
export * from './catalogModelExtensionPoint';
export * from './provideStaticCatalogModel';
