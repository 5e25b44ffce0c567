// The services shared by both backends, so that plugins find the same services wherever they run.
import {
  createServiceFactory,
  createServiceRef,
  createSharedEnvironment,
} from '@greenroom/backend-plugin-api';

/** Tells the time. An example of a service of your own. */
export interface ClockService {
  now(): Date;
}

/** The reference that plugins depend on. */
export const clockServiceRef = createServiceRef<ClockService>({ id: 'internal.clock', scope: 'root' });

const clockServiceFactory = createServiceFactory({
  service: clockServiceRef,
  deps: {},
  factory: () => ({ now: () => new Date() }),
});

export const environment = createSharedEnvironment({ services: [clockServiceFactory] });
