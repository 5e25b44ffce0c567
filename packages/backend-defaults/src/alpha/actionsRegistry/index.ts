// What the subpath ./alpha has of offering actions.
export { ActionsRegistry, type ActionsRegistryOptions } from './ActionsRegistry';
export { actionsRegistryServiceFactory } from './factory';
