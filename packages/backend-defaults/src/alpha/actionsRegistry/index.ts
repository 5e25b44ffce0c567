// The part of the subpath ./alpha for offering actions.
export { ActionsRegistry, type ActionsRegistryOptions } from './ActionsRegistry';
export { actionsRegistryServiceFactory } from './factory';
