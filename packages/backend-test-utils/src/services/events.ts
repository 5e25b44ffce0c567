// mockServices.events: events within the process, delivered before `publish` resolves.
import { EventBus, eventsServiceFactory } from '@greenroom/backend-defaults/events';
import { eventsServiceRef, type EventsService } from '@greenroom/backend-plugin-api';
import { rootLogger } from './rootLogger';
import { mockOf } from './simpleMock';

/** See {@link mockServices}. */
export const events = Object.assign(
  (): EventsService => new EventBus().forPlugin('test', { logger: rootLogger() }),
  {
    factory: () => eventsServiceFactory,
    mock: mockOf<EventsService>(eventsServiceRef, ['publish', 'subscribe']),
  },
);
