// The reference to the events service.
import { createServiceRef } from './createServiceRef';
import type { EventsService } from './definitions/EventsService';

/**
 * The reference to the events service, which has one instance per plugin.
 *
 * @public
 */
export const eventsServiceRef = createServiceRef<EventsService>({ id: 'events.service' });
