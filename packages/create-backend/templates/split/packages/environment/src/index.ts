// The services that both backends share, so that plugins find the same ones wherever they run.
import {
  createServiceFactory,
  createServiceRef,
  createSharedEnvironment,
} from '@greenroom/backend-plugin-api';

/** Tells the time of day; a service of your own, as an example. */
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
