// Logging for a plugin.
export { loggerServiceFactory } from './factory';
