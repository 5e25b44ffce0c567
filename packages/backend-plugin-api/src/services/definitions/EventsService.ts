// The interface for events between plugins.

/**
 * An event.
 *
 * @public
 */
export interface EventParams<TPayload = unknown> {
  /** What subscribers choose events by, such as `github.push`. */
  topic: string;
  /** JSON, where instances exchange events. */
  eventPayload: TPayload;
  /** Such as the HTTP headers of a webhook. */
  metadata?: Record<string, string | string[] | undefined>;
}

/**
 * Handles an event; what it throws or rejects with is logged.
 *
 * @public
 */
export type EventsServiceEventHandler = (params: EventParams) => Promise<void>;

/**
 * Options of {@link EventsService.subscribe}.
 *
 * @public
 */
export type EventsServiceSubscribeOptions = {
  /** Unique within the plugin, and the same in all its instances: each event reaches each ID once. */
  id: string;
  topics: string[];
  onEvent: EventsServiceEventHandler;
};

/**
 * Publishes events, and receives those of others.
 *
 * @public
 */
export interface EventsService {
  /** Resolves when the subscribers in this process are done, whether they failed or not. */
  publish(params: EventParams): Promise<void>;
  /** Resolves when no later event will be missed. */
  subscribe(options: EventsServiceSubscribeOptions): Promise<void>;
}
