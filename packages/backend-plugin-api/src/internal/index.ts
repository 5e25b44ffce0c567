// What Greenroom's packages share beyond the public API. For backend-app-api, backend-defaults, backend-test-utils only.
export * from './CallSite';
export * from './describe';
export * from './displayPlace';
export * from './errors';
export * from './features';
export * from './lifecycleHooks';
export * from './nearestId';
export * from './reasonKey';
export * from './sharedEnvironment';
export * from './unwrapFeature';
// Also part of the public API. Repeated here for the engine, which must not load the rest of it.
export { coreServices } from '../services/coreServices';
export { createServiceRef } from '../services/createServiceRef';
