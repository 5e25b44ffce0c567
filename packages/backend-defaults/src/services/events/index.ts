// The subpath ./events.
export { createPostgresEventBus } from './createPostgresEventBus';
export { EventBus } from './EventBus';
export { EventPublishError } from './eventsErrors';
export {
  eventsServiceRef,
  type EventParams,
  type EventsService,
  type EventsServiceEventHandler,
  type EventsServiceSubscribeOptions,
} from './EventsService';
export type { EventTransport, ReceiveEvent } from './EventTransport';
export { eventsServiceFactory } from './factory';
