// The subpath ./rootHealth.
export { rootHealthServiceFactory } from './factory';
export { RootHealth } from './RootHealth';
