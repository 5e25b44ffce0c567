// The subpath ./lifecycle.
export { lifecycleServiceFactory } from './factory';
export { Lifecycle, type LifecyclePhase } from './Lifecycle';
export { LifecyclePhaseError } from './LifecyclePhaseError';
