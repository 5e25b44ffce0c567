// The part of the events service that the catalog uses; matched by id with whatever provides it.
import { createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';

/** Tells other plugins what happened. */
export interface EventsService {
  publish(event: { topic: string; eventPayload: unknown }): Promise<void>;
}

/** Where a backend has no events service, nobody is told. */
export const eventsServiceRef = createServiceRef<EventsService>({
  id: 'events.service',
  defaultFactory: async service =>
    createServiceFactory({ service, deps: {}, factory: () => ({ publish: async () => {} }) }),
});
