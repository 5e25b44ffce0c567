// The subpath ./httpRouter.
export { createAuthIntegrationRouter } from './createAuthIntegrationRouter';
export { createCookieAuthRefreshMiddleware } from './createCookieAuthRefreshMiddleware';
export { createCredentialsBarrier } from './createCredentialsBarrier';
export { httpRouterServiceFactory } from './factory';
export { PluginGate, type PluginGateOptions } from './PluginGate';
export { PluginHttpRouter, type PluginHttpRouterOptions } from './PluginHttpRouter';
