// What modules of the catalog import: its extension points and their types.
export * from './describeIngestionRefusal';
export * from './extensionPoints/catalogEntityKindsExtensionPoint';
export * from './extensionPoints/catalogIngestionExtensionPoint';
export * from './extensionPoints/catalogProcessingExtensionPoint';
export * from './IngestionRefusal';
