// The subpath ./httpRouter.
export { httpRouterServiceFactory } from './factory';
export { PluginGate, type PluginGateOptions } from './PluginGate';
export { PluginHttpRouter } from './PluginHttpRouter';
