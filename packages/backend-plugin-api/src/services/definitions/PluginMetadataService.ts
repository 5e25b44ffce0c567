// The interface through which a service learns which plugin it was created for.

/** Tells a plugin scoped service whose instance it is. Provided by the engine; can't be replaced. */
export interface PluginMetadataService {
  /** The ID of the plugin. */
  getId(): string;
}
