// What other plugins and modules of the catalog import: its service, its extension points and their types.
export * from './analysis/LocationAnalyzer';
export * from './describeIngestionRefusal';
export * from './EntitiesSearchFilter';
export * from './extensionPoints/catalogAnalysisExtensionPoint';
export * from './extensionPoints/catalogEntityKindsExtensionPoint';
export * from './extensionPoints/catalogIngestionExtensionPoint';
export * from './extensionPoints/catalogLocationsExtensionPoint';
export * from './extensionPoints/catalogProcessingExtensionPoint';
export * from './IngestionRefusal';
export * from './locations/locationEntity';
export * from './processing/CatalogProcessor';
export * from './processing/CatalogProcessorResult';
export * from './processing/PlaceholderResolver';
export * from './processing/processingResult';
export * from './providers/EntityProvider';
export * from './service/CatalogService';
export * from './service/catalogServiceRef';
