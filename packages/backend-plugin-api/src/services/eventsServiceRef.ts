// The reference to the events service.
import { createServiceRef } from './createServiceRef';
import type { EventsService } from './definitions/EventsService';

/**
 * The reference of the events service, with an instance for each plugin.
 *
 * @public
 */
export const eventsServiceRef = createServiceRef<EventsService>({ id: 'events.service' });
