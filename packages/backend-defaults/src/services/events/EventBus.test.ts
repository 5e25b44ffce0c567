// Events within one process.
import { MemoryLogger } from '../../testing/MemoryLogger';
import { EventBus } from './EventBus';
import type { EventParams } from '@greenroom/backend-plugin-api';
import type { EventTransport } from './EventTransport';

const logger = new MemoryLogger();
beforeEach(() => void logger.entries.splice(0));

/** A promise with what settles it. */
function deferred() {
  let resolve!: () => void;
  const promise = new Promise<void>(done => (resolve = done));
  return { promise, resolve };
}

function transportWith(own: Partial<EventTransport>): EventTransport {
  const nothing = async () => {};
  return {
    publish: nothing,
    subscribe: nothing,
    unsubscribe: nothing,
    pause: nothing,
    close: nothing,
    ...own,
  };
}

it('brings an event to each subscriber of its topic, and waits for them', async () => {
  const bus = new EventBus();
  const seen: unknown[] = [];
  const [catalog, search] = ['catalog', 'search'].map(id => bus.forPlugin(id, { logger }));
  const subscribe = (events = catalog, id = 'a', topics = ['x', 'y', 'x']) =>
    events!.subscribe({
      id,
      topics,
      onEvent: async event => {
        await Promise.resolve();
        seen.push([id, event]);
      },
    });
  await subscribe(catalog, 'a');
  await subscribe(catalog, 'b', ['x']);
  await subscribe(search, 'c', ['z']);
  const event = { topic: 'x', eventPayload: { one: 1 }, metadata: { h: ['1', '2'] } };
  await search!.publish(event);
  expect(seen).toEqual([
    ['a', event],
    ['b', event],
  ]);
  await search!.publish({ topic: 'nobody', eventPayload: 1 });
  await catalog!.publish({ topic: 'y', eventPayload: undefined });
  expect(seen.slice(2)).toEqual([['a', { topic: 'y', eventPayload: undefined }]]);
});

it('logs what fails, for the publisher and other subscribers nothing changes', async () => {
  const bus = new EventBus();
  const events = bus.forPlugin('catalog', { logger });
  const seen: EventParams[] = [];
  await events.subscribe({ id: 'rejects', topics: ['x'], onEvent: () => Promise.reject(new Error('a')) });
  await events.subscribe({
    id: 'throws',
    topics: ['x'],
    onEvent: () => {
      throw new Error('b');
    },
  });
  await events.subscribe({ id: 'works', topics: ['x'], onEvent: async event => void seen.push(event) });
  await events.publish({ topic: 'x', eventPayload: 1 });
  expect(seen).toHaveLength(1);
  const entries = ['rejects', 'throws'].map((id, index) => ({
    level: 'error',
    message: `The subscriber 'catalog.${id}' failed to handle an event of topic 'x'`,
    meta: { error: new Error('ab'[index]) },
  }));
  expect(logger.entries).toHaveLength(2);
  expect(logger.entries).toEqual(expect.arrayContaining(entries));
});

it('refuses events without a topic, and subscriptions without an ID', async () => {
  const events = new EventBus().forPlugin('catalog', { logger });
  await expect(events.publish({ topic: '', eventPayload: 1 })).rejects.toThrow('An event needs a topic');
  await expect(events.subscribe({ id: '', topics: [], onEvent: async () => {} })).rejects.toThrow(
    "Plugin 'catalog' subscribed to events without an ID",
  );
});

it('ends the subscriptions of a plugin when its handlers, and what they began, are done', async () => {
  const bus = new EventBus();
  const catalog = bus.forPlugin('catalog', { logger });
  const search = bus.forPlugin('search', { logger });
  const [first, second] = [deferred(), deferred()];
  const order: string[] = [];
  await catalog.subscribe({
    id: 'first',
    topics: ['x'],
    onEvent: async () => {
      void search.publish({ topic: 'y', eventPayload: 1 });
      await first.promise;
      order.push('first');
    },
  });
  await catalog.subscribe({
    id: 'second',
    topics: ['y'],
    onEvent: async () => {
      await second.promise;
      order.push('second');
    },
  });
  const published = search.publish({ topic: 'x', eventPayload: 1 });
  const paused = bus.pause().then(() => order.push('paused'));
  const closed = catalog.close().then(() => order.push('closed'));
  first.resolve();
  await published;
  expect(order).toEqual(['first']);
  second.resolve();
  await Promise.all([paused, closed]);
  expect(order.slice(0, 2)).toEqual(['first', 'second']);
  expect(order).toHaveLength(4);
  await search.publish({ topic: 'x', eventPayload: 1 });
  expect(order).toHaveLength(4);
});

it('delivers only what the transport accepted, and waits for it when a plugin ends', async () => {
  const accepted = deferred();
  const asked: unknown[] = [];
  let refuse = false;
  const transport = transportWith({
    publish: async (event, delivered) => {
      asked.push([event.topic, delivered]);
      if (refuse) throw new Error('refused');
      await accepted.promise;
    },
  });
  const events = new EventBus(() => transport).forPlugin('catalog', { logger });
  const seen: EventParams[] = [];
  const onEvent = async (event: EventParams) => void seen.push(event);
  await events.subscribe({ id: 'a', topics: ['x'], onEvent });
  await events.subscribe({ id: 'b', topics: ['y'], onEvent });
  refuse = true;
  await expect(events.publish({ topic: 'x', eventPayload: 1 })).rejects.toThrow('refused');
  expect(seen).toEqual([]);
  refuse = false;
  const published = events.publish({ topic: 'x', eventPayload: 2 });
  const settled = (events as unknown as { settled(): Promise<void> }).settled();
  accepted.resolve();
  await settled;
  expect(seen).toEqual([{ topic: 'x', eventPayload: 2 }]);
  await published;
  expect(asked).toEqual([
    ['x', ['catalog.a']],
    ['x', ['catalog.a']],
  ]);
});

it('calls the handler once of a subscription that was refused at first', async () => {
  let refuse = true;
  const transport = transportWith({
    subscribe: async () => {
      if (refuse) throw new Error('refused');
    },
  });
  const events = new EventBus(() => transport).forPlugin('catalog', { logger });
  const seen: EventParams[] = [];
  const subscription = {
    id: 'a',
    topics: ['x'],
    onEvent: async (event: EventParams) => void seen.push(event),
  };
  await expect(events.subscribe(subscription)).rejects.toThrow('refused');
  await events.publish({ topic: 'x', eventPayload: 1 });
  expect(seen).toEqual([]);
  refuse = false;
  await events.subscribe(subscription);
  await events.publish({ topic: 'x', eventPayload: 2 });
  expect(seen).toEqual([{ topic: 'x', eventPayload: 2 }]);
});
