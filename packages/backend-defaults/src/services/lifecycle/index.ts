// The subpath ./lifecycle.
export { lifecycleServiceFactory } from './factory';
export { Lifecycle } from './Lifecycle';
export { LifecyclePhaseError, type LifecyclePhase } from './LifecyclePhaseError';
