// The subpath ./health.
export { healthServiceFactory } from './factory';
