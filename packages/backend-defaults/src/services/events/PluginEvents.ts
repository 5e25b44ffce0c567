// The events service of one plugin: its subscriptions, and their running handlers.
import { InputError } from '@backstage/errors';
import type {
  EventParams,
  EventsService,
  EventsServiceEventHandler,
  EventsServiceSubscribeOptions,
  LoggerService,
} from '@greenroom/backend-plugin-api';

/** A handler, with the topics and the group that it is called for. */
export interface EventSubscription {
  owner: PluginEvents;
  /** `<pluginId>.<id>`: identifies the subscriber across all instances. */
  group: string;
  topics: readonly string[];
  onEvent: EventsServiceEventHandler;
}

/** What a {@link PluginEvents} needs from its bus. */
export interface PluginEventsOptions {
  pluginId: string;
  logger: LoggerService;
  publish(event: EventParams): Promise<void>;
  add(subscription: EventSubscription): Promise<void>;
  remove(subscriptions: readonly EventSubscription[]): Promise<void>;
}

/** The events of one plugin. */
export class PluginEvents implements EventsService {
  readonly #options: PluginEventsOptions;
  readonly #subscriptions: EventSubscription[] = [];
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: PluginEventsOptions) {
    this.#options = options;
  }

  /** Rejects with `InputError` for an event without a topic, or with the error of the transport. */
  publish(event: EventParams): Promise<void> {
    return this.#options.publish(event);
  }

  /** Rejects with `InputError` for an empty ID, or with the error of the transport. */
  async subscribe({ id, topics, onEvent }: EventsServiceSubscribeOptions): Promise<void> {
    const { pluginId, add } = this.#options;
    if (typeof id !== 'string' || id === '') {
      throw new InputError(`Plugin '${pluginId}' subscribed to events without an ID for its subscription`);
    }
    const subscription = {
      owner: this,
      group: `${pluginId}.${id}`,
      topics: [...new Set(topics)],
      onEvent,
    };
    this.#subscriptions.push(subscription);
    await add(subscription);
  }

  /** Ends all subscriptions. Resolves when no handler is running. */
  async close(): Promise<void> {
    await this.#options.remove(this.#subscriptions.splice(0));
  }

  /** Runs a handler. Never rejects. */
  handle({ group, onEvent }: EventSubscription, event: EventParams): Promise<void> {
    const run = async () => {
      try {
        await onEvent(event);
      } catch (error) {
        this.#options.logger.error(
          `The subscriber '${group}' failed to handle an event of topic '${event.topic}'`,
          error as Error,
        );
      }
    };
    const running = run();
    this.track(running);
    return running;
  }

  /** Makes `settled` wait for `work`. */
  track(work: Promise<unknown>): void {
    const tracked: Promise<unknown> = work.catch(() => {}).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Resolves when nothing is running any more, including what running work has started meanwhile. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) {
      await Promise.all(this.#running);
    }
  }
}
