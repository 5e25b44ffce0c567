// The run-time fields of a shared environment.
import type { SharedBackendEnvironment } from '../features/SharedBackendEnvironment';
import type { ServiceFactory } from '../services/ServiceFactory';

/** A shared environment, as read by the engine. Functions that return factories have already been called. */
export interface InternalSharedBackendEnvironment extends SharedBackendEnvironment {
  readonly version: 'v1';
  readonly services: readonly ServiceFactory[];
}
