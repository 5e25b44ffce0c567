// The interface for finding out what is installed in this backend.

/** A plugin of this backend, with its modules. */
export interface RootInstanceMetadataServicePluginInfo {
  readonly pluginId: string;
  readonly modules: ReadonlyArray<{ moduleId: string }>;
}

/** Tells what is installed in this backend. Provided by the engine; can't be replaced. */
export interface RootInstanceMetadataService {
  /** The id of this backend, which no other one has or had: that of `createBackend`'s `instanceId`, else a random UUID. */
  getId(): string;
  /** The plugins of this process. */
  getInstalledPlugins: () => Promise<ReadonlyArray<RootInstanceMetadataServicePluginInfo>>;
}
