// The subpath ./neededPlugins.
export { neededPluginsServiceFactory } from './factory';
export { NeededPlugins, type NeededPluginsOptions } from './NeededPlugins';
export { NeededPluginsMissingError } from './NeededPluginsMissingError';
