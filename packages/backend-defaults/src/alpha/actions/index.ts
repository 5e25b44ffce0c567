// The part of the subpath ./alpha for calling actions.
export { ActionsClient, type ActionsClientOptions } from './ActionsClient';
export { actionsServiceFactory } from './factory';
