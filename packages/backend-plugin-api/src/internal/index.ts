// The runtime shapes behind the public types. Only @greenroom/backend-app-api and @greenroom/backend-test-utils may import this.
export * from './displayPlace';
export * from './errors';
export * from './features';
export * from './lifecycleHooks';
export * from './sharedEnvironment';
