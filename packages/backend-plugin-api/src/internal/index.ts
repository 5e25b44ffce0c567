// What Greenroom's own packages share beyond the public surface. Only backend-app-api, backend-defaults and backend-test-utils may import this.
export * from './CallSite';
export * from './describe';
export * from './displayPlace';
export * from './errors';
export * from './features';
export * from './lifecycleHooks';
export * from './nearestId';
export * from './sharedEnvironment';
export * from './unwrapFeature';
// The same as on the public surface, for an engine that is to load nothing else of it.
export { coreServices } from '../services/coreServices';
export { createServiceRef } from '../services/createServiceRef';
