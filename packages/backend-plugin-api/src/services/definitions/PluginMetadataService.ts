// The contract of what a service can learn about the plugin it was made for.

/** Tells a plugin scoped service whose instance it is. Provided by the engine; can't be replaced. */
export interface PluginMetadataService {
  /** The ID of the plugin. */
  getId(): string;
}
