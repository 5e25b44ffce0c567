// The interface for events between plugins.

/**
 * An event.
 *
 * @public
 */
export interface EventParams<TPayload = unknown> {
  /** The topic that subscribers choose events by, such as `github.push`. */
  topic: string;
  /** The content of the event. Must be JSON if instances exchange events. */
  eventPayload: TPayload;
  /** Metadata, such as the HTTP headers of a webhook. */
  metadata?: Record<string, string | string[] | undefined>;
}

/**
 * Handles an event. Errors that it throws or rejects with are logged.
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
  /** Unique within the plugin, and the same on all instances: each event is delivered once per ID. */
  id: string;
  topics: string[];
  onEvent: EventsServiceEventHandler;
};

/**
 * Publishes events and subscribes to them.
 *
 * @public
 */
export interface EventsService {
  /**
   * Publishes an event. Resolves when all subscribers in this process have finished, successfully or not.
   *
   * @throws InputError if the topic is empty, an error with code `GR_EVENTS_PUBLISH` if the event can't be passed on to
   * other instances.
   */
  publish(params: EventParams): Promise<void>;
  /**
   * Subscribes to topics, until the plugin stops. Once this resolves, each later event is delivered. Rejects with
   * InputError for an empty ID.
   */
  subscribe(options: EventsServiceSubscribeOptions): Promise<void>;
}
