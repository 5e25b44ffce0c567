// The interface through which a service learns which plugin it was created for.

/** Identifies the plugin that an instance of a plugin service belongs to. Provided by the engine; cannot be replaced. */
export interface PluginMetadataService {
  /** Returns the ID of the plugin. */
  getId(): string;
}
