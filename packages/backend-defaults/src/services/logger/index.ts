// The subpath ./logger.
export { loggerServiceFactory } from './factory';
