// The subpath ./events.
export { createPostgresEventBus } from './createPostgresEventBus';
export { EventBus } from './EventBus';
export { EventPublishError } from './eventsErrors';
export type { EventTransport, ReceiveEvent } from './EventTransport';
export { eventsServiceFactory } from './factory';
