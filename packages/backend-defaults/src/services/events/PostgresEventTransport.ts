// Exchanges events with other instances through PostgreSQL: a shared log, and notifications when it grows.
import type { EventParams, LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { memoizeSuccess } from '../../memoizeSuccess';
import { keepsSession } from '../database/postgres/keepsSession';
import type { EventTracing, TraceCarrier } from '../telemetry/EventTracing';
import { EventLog } from './EventLog';
import { EventPoll } from './EventPoll';
import { EventPublishError } from './eventsErrors';
import type { EventTransport, ReceiveEvent } from './EventTransport';
import { PostgresListener } from './PostgresListener';

/** What a {@link PostgresEventTransport} needs. */
export interface PostgresEventTransportOptions {
  /** Connects to the database shared by all instances. Called for the first event or subscriber. */
  getClient(): Promise<Knex>;
  /** Closes the connections. */
  closeClient(): Promise<void>;
  receive: ReceiveEvent;
  logger: LoggerService;
  /** How long events are kept for instances that are away, in milliseconds. */
  retention: number;
  /** Whether the tables already exist. Default `false`. */
  skipMigrations?: boolean;
  /** Undefined if there is no tracing. */
  tracing?: Promise<EventTracing>;
}

/** What the log stores of an event besides its topic. */
type Body = Omit<EventParams, 'topic'> & { trace?: TraceCarrier };

interface Connection {
  knex: Knex;
  log: EventLog;
}

interface Group {
  name: string;
  topics: Set<string>;
  /** Whether there may be events to take. */
  dirty: boolean;
  /** Whether the last attempt to take them failed. */
  failed?: boolean;
  taking?: Promise<void>;
}

const channel = 'greenroom_events';
const pooled =
  'Events of other instances arrive up to a second late: a pooler such as PgBouncer, which gives each transaction another connection, passes no notifications on. Set its pool_mode to session, or backend.database.plugin.events.connection to PostgreSQL itself';
/** Small, so that the instances share the work. */
const batchSize = 10;
/** In bytes. PostgreSQL limits a notification to less than 8000, part of which the instance id needs. */
const longestTopic = 7_900;

/**
 * Delivers events in the order in which they were accepted, including those an instance missed while away. Each group
 * gets each event at most once: what a killed instance had taken is not handled again.
 */
export class PostgresEventTransport implements EventTransport {
  readonly #options: PostgresEventTransportOptions;
  readonly #instance = randomUUID();
  readonly #groups = new Map<string, Group>();
  // If the server is not up yet, the next call tries again.
  readonly #connected = memoizeSuccess(() => this.#connect());
  #listener: Promise<PostgresListener | EventPoll> | undefined;
  #state: 'open' | 'paused' | 'closed' = 'open';
  #tracing: EventTracing | undefined;

  constructor(options: PostgresEventTransportOptions) {
    this.#options = options;
    void options.tracing?.then(tracing => (this.#tracing = tracing));
  }

  /**
   * Rejects with `EventPublishError`. In that case nobody gets the event; only if PostgreSQL can't be reached any more,
   * other instances may have it.
   */
  async publish({ topic, eventPayload, metadata }: EventParams, delivered: readonly string[]): Promise<void> {
    if (this.#state === 'closed') {
      throw new EventPublishError({
        topic,
        what: 'the backend has stopped',
        hint: 'Publish in a shutdown hook of the plugin at the latest.',
      });
    }
    const body = serialise(topic, { eventPayload, metadata, trace: this.#tracing?.carrier() });
    const known = Buffer.byteLength(topic) > longestTopic ? '' : topic;
    try {
      const { log } = await this.#connected();
      await log.append({ topic, body, delivered }, { channel, payload: `${this.#instance} ${known}` });
    } catch (cause) {
      throw new EventPublishError({
        topic,
        what: 'PostgreSQL did not take it',
        hint: 'Publish it again later; check that the server runs, and backend.database.',
        cause,
      });
    }
  }

  async subscribe(name: string, topics: readonly string[]): Promise<void> {
    const { knex, log } = await this.#connected();
    this.#listener ??= this.#listen({ knex, log }).catch(error => {
      this.#listener = undefined;
      throw error;
    });
    await this.#listener;
    await log.addGroup(name);
    const group = this.#groups.get(name) ?? { name, topics: new Set(), dirty: false };
    topics.forEach(topic => group.topics.add(topic));
    this.#groups.set(name, group);
    this.#wake(group);
  }

  async unsubscribe(name: string): Promise<void> {
    const group = this.#groups.get(name);
    this.#groups.delete(name);
    await group?.taking;
  }

  async pause(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'paused';
    }
    await Promise.all([...this.#groups.values()].map(group => group.taking));
  }

  async check(): Promise<void> {
    const listener = await this.#listener;
    if (listener && !listener.listens) {
      throw new Error('The connection that listens for events of other instances is lost');
    }
  }

  async close(): Promise<void> {
    await this.pause();
    this.#state = 'closed';
    const listener = await this.#listener?.catch(() => undefined);
    await listener?.stop();
    await this.#options.closeClient();
  }

  async #connect(): Promise<Connection> {
    const knex = await this.#options.getClient();
    const log = new EventLog(knex, this.#options);
    if (!this.#options.skipMigrations) {
      await log.prepare();
    }
    return { knex, log };
  }

  async #listen({ knex, log }: Connection): Promise<PostgresListener | EventPoll> {
    const { logger } = this.#options;
    // Not from the pool, whose connections are for short use.
    const connect = () => knex.client.acquireRawConnection();
    if (!(await keepsSession(connect))) {
      logger.warn(pooled);
      const poll = new EventPoll({
        findLast: () => log.findLast(),
        onAnswer: isNew => this.#wakeWhere(({ dirty }) => dirty || isNew),
      });
      poll.start();
      return poll;
    }
    const listener = new PostgresListener({
      connect,
      channel,
      logger,
      onNotification: payload => {
        const [instance, ...words] = payload.split(' ');
        const topic = words.join(' ');
        // The groups in this instance got the event directly.
        if (instance !== this.#instance) {
          this.#wakeWhere(({ topics }) => topic === '' || topics.has(topic));
        }
      },
      onReconnect: () => this.#wakeWhere(() => true),
      onHeartbeat: () => this.#wakeWhere(({ dirty }) => dirty),
    });
    await listener.start();
    return listener;
  }

  #wakeWhere(concerned: (group: Group) => boolean): void {
    for (const group of this.#groups.values()) {
      if (concerned(group)) {
        this.#wake(group);
      }
    }
  }

  #wake(group: Group): void {
    if (this.#state !== 'open') return;
    group.dirty = true;
    const take = () => this.#takeAll(group);
    group.taking ??= this.#tracing ? this.#tracing.outside(take) : take();
  }

  async #takeAll(group: Group): Promise<void> {
    const { logger, receive } = this.#options;
    let isNew = false;
    try {
      while (group.dirty && this.#state === 'open' && this.#groups.get(group.name) === group) {
        group.dirty = false;
        const { log } = await this.#connected();
        const events = await log.take(group.name, group.topics, batchSize);
        group.failed = false;
        for (const { topic, body } of events) {
          const { trace, ...event } = JSON.parse(body) as Body;
          const hand = () => receive(group.name, { topic, ...event });
          await (this.#tracing?.receive({ subscriber: group.name, topic, carrier: trace }, hand) ?? hand());
        }
        group.dirty ||= events.length === batchSize;
      }
    } catch (error) {
      // New events are a reason to retry at once. Everything else waits for the next event, heartbeat or connection.
      isNew = group.dirty;
      group.dirty = true;
      if (!group.failed) {
        logger.warn(
          `Events for the subscriber '${group.name}' could not be read, which is tried again until it works`,
          error as Error,
        );
      }
      group.failed = true;
    } finally {
      group.taking = undefined;
    }
    if (isNew) this.#wake(group);
  }
}

function serialise(topic: string, body: Body): string {
  try {
    return JSON.stringify(body);
  } catch (cause) {
    throw new EventPublishError({
      topic,
      what: 'its payload is not JSON',
      hint: 'Publish plain data: it goes to other processes.',
      cause,
    });
  }
}
