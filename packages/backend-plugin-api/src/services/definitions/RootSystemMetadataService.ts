// The interface for finding out what is installed in all backends together.

/** A plugin that one of the backends runs. */
export interface RootSystemMetadataServicePluginInfo {
  readonly pluginId: string;
}

/** Tells what is installed in the system: in this backend and in those that it knows of. */
export interface RootSystemMetadataService {
  /** The plugins of all known backends, each once. */
  getInstalledPlugins: () => Promise<ReadonlyArray<RootSystemMetadataServicePluginInfo>>;
}
