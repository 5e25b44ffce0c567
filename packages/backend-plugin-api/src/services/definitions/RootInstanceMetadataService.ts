// The interface for finding out what is installed in this backend.

/** A plugin of this backend, with its modules. */
export interface RootInstanceMetadataServicePluginInfo {
  readonly pluginId: string;
  readonly modules: ReadonlyArray<{ moduleId: string }>;
}

/** Describes this backend and what is installed in it. Provided by the engine; cannot be replaced. */
export interface RootInstanceMetadataService {
  /**
   * Returns the ID of this backend instance: `instanceId` of `createBackend`, otherwise a random UUID. It is never
   * shared or reused.
   */
  getId(): string;
  /** Returns the plugins of this backend, which are known once its feature loaders have run. */
  getInstalledPlugins: () => Promise<ReadonlyArray<RootInstanceMetadataServicePluginInfo>>;
}
