// Delivers events to subscribers: directly within this process, and to other instances through a transport.
import { InputError } from '@backstage/errors';
import type { EventParams, EventsService, LoggerService } from '@greenroom/backend-plugin-api';
import type { EventTransport, ReceiveEvent } from './EventTransport';
import { PluginEvents, type EventSubscription } from './PluginEvents';

/**
 * The events of a backend. Without a transport they stay in the process.
 *
 * @public
 */
export class EventBus {
  readonly #transport: EventTransport | undefined;
  readonly #byTopic = new Map<string, Set<EventSubscription>>();
  readonly #plugins = new Set<PluginEvents>();

  /** @param createTransport - receives the function to call with events of other instances. */
  constructor(createTransport?: (receive: ReceiveEvent) => EventTransport) {
    this.#transport = createTransport?.((group, event) => this.#receive(group, event));
  }

  /** The events service of a plugin. `close` ends its subscriptions after their running handlers. */
  forPlugin(
    pluginId: string,
    { logger }: { logger: LoggerService },
  ): EventsService & { close(): Promise<void> } {
    const plugin: PluginEvents = new PluginEvents({
      pluginId,
      logger,
      publish: event => this.#publish(event),
      add: subscription => this.#add(subscription),
      remove: subscriptions => this.#remove(plugin, subscriptions),
    });
    this.#plugins.add(plugin);
    return plugin;
  }

  /**
   * Leaves events of other instances to the instances that continue. Events published here are still delivered.
   * Resolves when all handlers have ended.
   */
  async pause(): Promise<void> {
    await this.#transport?.pause();
    await Promise.all([...this.#plugins].map(plugin => plugin.settled()));
  }

  /** Rejects if events of other instances do not arrive. */
  async check(): Promise<void> {
    await this.#transport?.check?.();
  }

  /** Closes the transport. With a transport, `publish` rejects from then on. */
  async close(): Promise<void> {
    await this.#transport?.close();
  }

  #publish({ topic, eventPayload, metadata }: EventParams): Promise<void> {
    if (typeof topic !== 'string' || topic === '') {
      return Promise.reject(new InputError('An event needs a topic, which is a string that is not empty'));
    }
    const event: EventParams = { topic, eventPayload, ...(metadata && { metadata }) };
    const subscriptions = [...(this.#byTopic.get(topic) ?? [])];
    const groups = [...new Set(subscriptions.map(({ group }) => group))];
    const accepted = this.#transport?.publish(event, groups);
    if (!accepted) {
      return deliver(subscriptions, event);
    }
    const delivered = accepted.then(() => deliver(subscriptions, event));
    // No other instance will deliver the event to these groups, so their plugins must wait for it.
    new Set(subscriptions.map(({ owner }) => owner)).forEach(owner => owner.track(delivered));
    return delivered;
  }

  async #receive(group: string, event: EventParams): Promise<void> {
    const subscriptions = [...(this.#byTopic.get(event.topic) ?? [])];
    await deliver(
      subscriptions.filter(subscription => subscription.group === group),
      event,
    );
  }

  async #add(subscription: EventSubscription): Promise<void> {
    for (const topic of subscription.topics) {
      const subscriptions = this.#byTopic.get(topic) ?? new Set();
      this.#byTopic.set(topic, subscriptions.add(subscription));
    }
    try {
      await this.#transport?.subscribe(subscription.group, subscription.topics);
    } catch (error) {
      this.#forget(subscription);
      throw error;
    }
  }

  async #remove(plugin: PluginEvents, subscriptions: readonly EventSubscription[]): Promise<void> {
    const groups = new Set(subscriptions.map(({ group }) => group));
    await Promise.all([...groups].map(group => this.#transport?.unsubscribe(group)));
    subscriptions.forEach(subscription => this.#forget(subscription));
    await plugin.settled();
    this.#plugins.delete(plugin);
  }

  #forget(subscription: EventSubscription): void {
    for (const topic of subscription.topics) this.#byTopic.get(topic)?.delete(subscription);
  }
}

async function deliver(subscriptions: readonly EventSubscription[], event: EventParams): Promise<void> {
  await Promise.all(subscriptions.map(subscription => subscription.owner.handle(subscription, event)));
}
