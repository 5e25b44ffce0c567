// Shared by Greenroom's packages beyond the public API. Only for backend-app-api, backend-defaults and backend-test-utils.
export * from './CallSite';
export * from './describe';
export * from './displayPlace';
export * from './errors';
export * from './features';
export * from './lifecycleHooks';
export * from './nearestId';
export * from './sharedEnvironment';
export * from './unwrapFeature';
// Also part of the public API. Repeated here for the engine, which must not load the rest of it.
export { coreServices } from '../services/coreServices';
export { createServiceRef } from '../services/createServiceRef';
