// What the subpath ./alpha has of calling actions.
export { ActionsClient, type ActionsClientOptions } from './ActionsClient';
export { actionsServiceFactory } from './factory';
