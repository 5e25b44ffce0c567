// The fields that a shared environment carries at run time.
import type { SharedBackendEnvironment } from '../features/SharedBackendEnvironment';
import type { ServiceFactory } from '../services/ServiceFactory';

/** A shared environment, as the engine reads it: functions that return factories are already called. */
export interface InternalSharedBackendEnvironment extends SharedBackendEnvironment {
  readonly version: 'v1';
  readonly services: readonly ServiceFactory[];
}
