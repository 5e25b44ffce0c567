// The subpath ./rootLifecycle.
export { rootLifecycleServiceFactory } from './factory';
export { RootLifecycle, type BackendPhase } from './RootLifecycle';
