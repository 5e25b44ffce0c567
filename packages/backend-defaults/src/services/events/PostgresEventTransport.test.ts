// Events between instances that share a real PostgreSQL database, each with a bus of its own.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { context, propagation, SpanKind, trace, type SpanContext } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { EventEmitter, on, once } from 'node:events';
import { MemoryLogger } from '../../testing/MemoryLogger';
import type { Telemetry } from '../telemetry/Telemetry';
import { createPostgresEventBus } from './createPostgresEventBus';
import type { EventBus } from './EventBus';
import { PostgresEventTransport } from './PostgresEventTransport';
import type { EventParams } from '@greenroom/backend-plugin-api';

const logger = new MemoryLogger();
const buses: EventBus[] = [];

afterEach(async () => {
  await Promise.all(buses.splice(0).map(bus => bus.close()));
  logger.entries.splice(0);
});

function makeBus(database: JsonObject, retention = 60_000, telemetry?: Telemetry): EventBus {
  const config = new ConfigReader({ backend: { database: { client: 'pg', ...database } } });
  const bus = createPostgresEventBus({ config, logger, retention, telemetry });
  buses.push(bus);
  return bus;
}

it('accepts nothing without its server, and says why', async () => {
  const events = makeBus({ connection: 'postgres://someone:hunter2@127.0.0.1:1/x' }).forPlugin('a', {
    logger,
  });
  const failure = await events.publish({ topic: 'x', eventPayload: 1 }).catch(error => error);
  expect(failure).toMatchObject({
    code: 'GR_EVENTS_PUBLISH',
    message: expect.stringMatching(/^An event of topic 'x' was not published: .*ECONNREFUSED/),
    cause: { code: 'GR_DATABASE_CONNECT' },
  });
  expect(failure.message).not.toContain('hunter2');
  await expect(events.subscribe({ id: 's', topics: ['x'], onEvent: async () => {} })).rejects.toMatchObject({
    code: 'GR_DATABASE_CONNECT',
  });
});

it('accepts only JSON, and nothing once it is closed', async () => {
  const bus = makeBus({ connection: 'postgres://127.0.0.1:1/x' });
  const events = bus.forPlugin('a', { logger });
  await expect(events.publish({ topic: 'x', eventPayload: 1n })).rejects.toThrow('its payload is not JSON');
  await bus.close();
  await expect(events.publish({ topic: 'x', eventPayload: 1 })).rejects.toMatchObject({
    code: 'GR_EVENTS_PUBLISH',
    message: expect.stringContaining('the backend has stopped'),
  });
});

const server = process.env.GREENROOM_TEST_POSTGRES;
const title = server
  ? 'between instances'
  : 'between instances (skipped: GREENROOM_TEST_POSTGRES names no server)';

(server ? describe : describe.skip)(title, () => {
  const prefix = `greenroom_test_${randomBytes(4).toString('hex')}_`;
  const database = { connection: server ?? '', prefix };
  const seen = new EventEmitter().setMaxListeners(0);
  let received: Array<{ instance: string; id: string; event: EventParams; span?: SpanContext }> = [];
  let admin: Knex;

  beforeAll(async () => {
    const { knex } = await import('knex');
    admin = knex({ client: 'pg', connection: server });
  });
  afterEach(() => {
    received = [];
  });
  afterAll(async () => {
    await admin.raw('drop database if exists ??', [`${prefix}events`]);
    await admin.destroy();
  });

  /** An instance whose subscriber `id` notes what it gets. */
  async function instance(name: string, id: string, topics: string[], telemetry?: Telemetry) {
    const bus = makeBus(database, undefined, telemetry);
    const events = bus.forPlugin('catalog', { logger });
    await events.subscribe({
      id,
      topics,
      onEvent: async event => {
        received.push({
          instance: name,
          id,
          event,
          ...(telemetry && { span: trace.getActiveSpan()?.spanContext() }),
        });
        seen.emit('event');
      },
    });
    return { bus, events };
  }

  it('has its connections measured, apart from those of plugins', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter });
    const provider = new MeterProvider({ readers: [reader] });
    const bus = makeBus(database, undefined, { meter: provider.getMeter('test') });
    await bus.forPlugin('catalog', { logger }).publish({ topic: 'measured', eventPayload: 1 });
    await reader.forceFlush();
    const points = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
      .filter(({ descriptor }) => descriptor.name === 'db.client.connection.count')
      .flatMap(({ dataPoints }): unknown[] => dataPoints);
    await provider.shutdown();
    expect(points).toContainEqual(
      expect.objectContaining({
        value: 1,
        attributes: {
          'db.client.connection.pool.name': expect.stringMatching(/^events: /),
          'db.client.connection.state': 'idle',
        },
      }),
    );
  });

  it('puts what a subscriber does into the trace of the publisher, whenever its connection was made', async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    const tracer = provider.getTracer('test');
    const within = <T>(name: string, work: () => Promise<T>) =>
      tracer.startActiveSpan(name, span => work().finally(() => span.end()));
    const traceOf = (name: string) =>
      exporter
        .getFinishedSpans()
        .find(span => span.name === name)
        ?.spanContext().traceId;
    try {
      const [from, to] = await Promise.all(
        ['connects', 'subscribes'].map(name =>
          within(name, () => instance(name, name, [`trace.${name}`], { tracer })),
        ),
      );
      await within('first', () => from!.events.publish({ topic: 'trace.subscribes', eventPayload: 1 }));
      await untilReceived(1);
      await within('second', () => from!.events.publish({ topic: 'trace.subscribes', eventPayload: 2 }));
      await untilReceived(2);
      await to!.bus.pause();
      const handled = exporter.getFinishedSpans().filter(({ name }) => name === 'process trace.subscribes');
      expect(handled.map(span => span.spanContext().traceId)).toEqual([traceOf('first'), traceOf('second')]);
      expect(handled[0]).toMatchObject({
        kind: SpanKind.CONSUMER,
        attributes: { 'messaging.consumer.group.name': 'catalog.subscribes' },
      });
      // Nobody gets more than was published.
      expect(received.map(({ event }) => event)).toEqual([
        { topic: 'trace.subscribes', eventPayload: 1 },
        { topic: 'trace.subscribes', eventPayload: 2 },
      ]);
      expect(received.map(({ span }) => span?.traceId)).toEqual([traceOf('first'), traceOf('second')]);
    } finally {
      context.disable();
      propagation.disable();
    }
  });

  async function untilReceived(count: number): Promise<void> {
    const events = on(seen, 'event');
    while (received.length < count) await events.next();
    await events.return!();
  }

  it('brings an event of any size to each subscriber in one instance, the own one if it has it', async () => {
    const topics = ['size.x'];
    const [a] = [await instance('A', 'shared', topics), await instance('B', 'shared', topics)];
    await instance('B', 'other', topics);
    await instance('C', 'other', topics);
    const event = {
      topic: 'size.x',
      eventPayload: { text: 'ä\u0000?'.repeat(50_000) },
      metadata: { h: ['1'] },
    };
    await a.events.publish(event);
    await untilReceived(2);
    // Goes the same way after it, so nothing else of the first can still be on it.
    await a.events.publish({ topic: 'size.x', eventPayload: 'end' });
    await untilReceived(4);
    expect(received.filter(({ id }) => id === 'shared').map(entry => entry.instance)).toEqual(['A', 'A']);
    expect(received.filter(({ id }) => id === 'other').map(entry => entry.event)).toEqual([
      event,
      { topic: 'size.x', eventPayload: 'end' },
    ]);
  });

  it('takes a topic that is longer than a notification', async () => {
    const topic = 'long'.repeat(3_000);
    await instance('A', 'long', [topic]);
    await makeBus(database).forPlugin('b', { logger }).publish({ topic, eventPayload: 1 });
    await untilReceived(1);
    expect(received).toMatchObject([{ event: { topic, eventPayload: 1 } }]);
  });

  it('loses and repeats nothing when many publish at once to several instances', async () => {
    await Promise.all(['A', 'B', 'C'].map(name => instance(name, 'many', ['many.x'])));
    const publishers = [1, 2, 3].map(() => makeBus(database).forPlugin('publisher', { logger }));
    const numbers = Array.from({ length: 150 }, (_, number) => number);
    await Promise.all(
      numbers.map(number => publishers[number % 3]!.publish({ topic: 'many.x', eventPayload: number })),
    );
    await untilReceived(numbers.length);
    const got = received.map(({ event }) => event.eventPayload as number);
    expect(got.sort((x, y) => x - y)).toEqual(numbers);
  });

  it('keeps events for a subscriber that is away, and none from before its first time', async () => {
    const publisher = makeBus(database).forPlugin('publisher', { logger });
    const publish = (eventPayload: number) => publisher.publish({ topic: 'away.x', eventPayload });
    await publish(0);
    const { bus } = await instance('A', 'away', ['away.x']);
    await publish(1);
    await untilReceived(1);
    await bus.close();
    await publish(2);
    await publish(3);
    await instance('A again', 'away', ['away.x']);
    await untilReceived(3);
    expect(received.map(({ instance: name, event }) => [name, event.eventPayload])).toEqual([
      ['A', 1],
      ['A again', 2],
      ['A again', 3],
    ]);
  });

  it('leaves events to others once it is paused, when those that it took are handled', async () => {
    let release!: () => void;
    const held = new Promise<void>(resolve => (release = resolve));
    const order: string[] = [];
    const bus = makeBus(database);
    await bus.forPlugin('catalog', { logger }).subscribe({
      id: 'pausing',
      topics: ['pausing.x'],
      onEvent: async () => {
        seen.emit('taken');
        await held;
        order.push('handled');
      },
    });
    const publisher = makeBus(database).forPlugin('publisher', { logger });
    const taken = once(seen, 'taken');
    await publisher.publish({ topic: 'pausing.x', eventPayload: 1 });
    await taken;
    const paused = bus.pause().then(() => order.push('paused'));
    await publisher.publish({ topic: 'pausing.x', eventPayload: 2 });
    await instance('B', 'pausing', ['pausing.x']);
    await untilReceived(1);
    release();
    await paused;
    expect(order).toEqual(['handled', 'paused']);
    expect(received).toMatchObject([{ instance: 'B', event: { eventPayload: 2 } }]);
  });

  it('connects again when the server cuts its connections, and gets what came meanwhile', async () => {
    await instance('A', 'cut', ['cut.x']);
    const publisher = makeBus(database).forPlugin('publisher', { logger });
    await publisher.publish({ topic: 'cut.x', eventPayload: 1 });
    await untilReceived(1);
    const listening = "query ilike 'listen %' or query = 'select 1'";
    const { rows } = await admin.raw(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = ? and (${listening})`,
      [`${prefix}events`],
    );
    expect(rows).toHaveLength(1);
    await publisher.publish({ topic: 'cut.x', eventPayload: 2 });
    await untilReceived(2);
    expect(received.map(({ event }) => event.eventPayload)).toEqual([1, 2]);
    expect(logger.entries.map(({ level, message }) => [level, message.slice(0, 35)])).toEqual([
      ['warn', 'The connection that listens for eve'],
      ['info', 'Events of other instances are recei'],
    ]);
  });

  async function openTables(): Promise<Knex> {
    const { knex } = await import('knex');
    const url = new URL(server!);
    url.pathname = `/${prefix}events`;
    return knex({ client: 'pg', connection: url.href });
  }

  it('tells once that events can not be read, however often that is tried, and loses none', async () => {
    const publisher = makeBus(database).forPlugin('publisher', { logger });
    const publish = (eventPayload: number) => publisher.publish({ topic: 'unread.x', eventPayload });
    await publish(0);
    const tables = await openTables();
    const got: unknown[] = [];
    const transport = new PostgresEventTransport({
      getClient: async () => tables,
      closeClient: () => tables.destroy(),
      receive: async (_group, { eventPayload }) => {
        got.push(eventPayload);
        seen.emit('event');
      },
      logger,
      retention: 60_000,
    });
    try {
      await transport.subscribe('unread', ['unread.x']);
      for (const round of [1, 2]) {
        await tables.schema.renameTable('greenroom_event_cursors', 'elsewhere');
        for (const nr of [1, 2, 3]) {
          const failed = once(tables, 'query-error');
          await publish(nr);
          await failed;
        }
        await tables.schema.renameTable('elsewhere', 'greenroom_event_cursors');
        const events = on(seen, 'event');
        await publish(4);
        while (got.length < 4 * round) await events.next();
        await events.return!();
        expect(got.slice(-4)).toEqual([1, 2, 3, 4]);
        expect(logger.entries.map(({ message }) => message)).toEqual(
          Array(round).fill(expect.stringMatching(/^Events for the subscriber 'unread' could not be read/)),
        );
      }
    } finally {
      await transport.close();
    }
  });

  it('reads at once what came while an attempt to read was failing', async () => {
    const { events } = await instance('A', 'again', ['again.x']);
    const onEvent = async () => void seen.emit('mark');
    await events.subscribe({ id: 'mark', topics: ['mark.x'], onEvent });
    const publisher = makeBus(database).forPlugin('publisher', { logger });
    const tables = await openTables();
    try {
      const lock = await tables.transaction();
      await lock('greenroom_event_cursors').where({ name: 'catalog.again' }).forUpdate().first();
      await publisher.publish({ topic: 'again.x', eventPayload: 1 });
      const waits = { datname: `${prefix}events`, wait_event_type: 'Lock' };
      let pids: number[] = [];
      while (pids.length === 0) pids = await admin('pg_stat_activity').where(waits).pluck('pid');
      // Notifications come in their order: with the second one, the first is there too.
      const marked = once(seen, 'mark');
      await publisher.publish({ topic: 'again.x', eventPayload: 2 });
      await publisher.publish({ topic: 'mark.x', eventPayload: 1 });
      await marked;
      await admin.raw('select pg_terminate_backend(?)', [pids[0]!]);
      await lock.commit();
      await untilReceived(2);
    } finally {
      await tables.destroy();
    }
    expect(received.map(({ event }) => event.eventPayload)).toEqual([1, 2]);
  });

  it('removes events when they are old enough', async () => {
    const tables = await openTables();
    try {
      await makeBus(database, 60_000).forPlugin('a', { logger }).publish({ topic: 'old.x', eventPayload: 1 });
      expect(await tables('greenroom_events').where({ topic: 'old.x' })).toHaveLength(1);
      await makeBus(database, 0).forPlugin('a', { logger }).publish({ topic: 'new.x', eventPayload: 1 });
      expect(await tables('greenroom_events').where({ topic: 'old.x' })).toHaveLength(0);
    } finally {
      await tables.destroy();
    }
  });
});
