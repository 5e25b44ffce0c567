// The interface for finding out what is installed in all backends together.

/** A plugin that runs in one of the backends. */
export interface RootSystemMetadataServicePluginInfo {
  readonly pluginId: string;
}

/** Describes what is installed in the system: in this backend and in the others that it knows. */
export interface RootSystemMetadataService {
  /** Returns the plugins of all known backends, each once. */
  getInstalledPlugins: () => Promise<ReadonlyArray<RootSystemMetadataServicePluginInfo>>;
}
