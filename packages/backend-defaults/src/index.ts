// The public surface: createBackend. Each service has a subpath of its own.
export { BackendStartupError } from '@greenroom/backend-app-api';
export { createBackend, defaultServiceFactories, type CreateBackendOptions } from './createBackend';
export { discoveryFeatureLoader } from './packages/discoveryFeatureLoader';
