// Events between the plugins of a whole backend, through a stop and through a start that is tried again.
import {
  type EventParams,
  type EventsService,
  createServiceRef,
  eventsServiceRef,
} from '@greenroom/backend-plugin-api';
import { createPlugin, dropDatabases } from '@greenroom/testing';
import { randomBytes } from 'node:crypto';
import { composeBackend, startBackend } from '../../testing/startBackend';

const plugin = (pluginId: string, init: (events: EventsService) => Promise<void>) =>
  createPlugin(pluginId, {
    // Another copy of the reference, as a package of its own would bring it.
    deps: { events: createServiceRef<EventsService>({ id: 'events.service' }) },
    init: ({ events }) => init(events),
  });

it('brings events from plugin to plugin, and stops when the handlers are done', async () => {
  expect(eventsServiceRef.id).toBe('events.service');
  const { backend } = composeBackend();
  let publisher!: EventsService;
  let release!: () => void;
  const held = new Promise<void>(resolve => (release = resolve));
  const order: string[] = [];
  backend.add(plugin('publisher', async events => void (publisher = events)));
  backend.add(
    plugin('subscriber', events =>
      events.subscribe({
        id: 'main',
        topics: ['x'],
        onEvent: async ({ eventPayload }: EventParams) => {
          await held;
          order.push(`handled ${eventPayload as string}`);
        },
      }),
    ),
  );
  await backend.start();
  const published = publisher.publish({ topic: 'x', eventPayload: 'it' });
  const stopped = backend.stop().then(result => {
    order.push('stopped');
    return result;
  });
  release();
  await published;
  expect((await stopped).hooks.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
  expect(order).toEqual(['handled it', 'stopped']);
});

it('ends the subscriptions of a start that failed', async () => {
  const startup = { plugins: { flaky: { onPluginBootFailure: 'retry' } }, retry: { initialDelay: 1 } };
  const { backend } = composeBackend({ config: { backend: { startup } } });
  let attempts = 0;
  let publisher!: EventsService;
  let isUp!: () => void;
  const up = new Promise<void>(resolve => (isUp = resolve));
  const handledBy: number[] = [];
  backend.add(plugin('publisher', async events => void (publisher = events)));
  backend.add(
    plugin('flaky', async events => {
      const attempt = ++attempts;
      await events.subscribe({
        id: 'main',
        topics: ['x'],
        onEvent: async () => void handledBy.push(attempt),
      });
      if (attempt === 1) throw new Error('not yet');
      isUp();
    }),
  );
  await backend.start();
  await up;
  await publisher.publish({ topic: 'x', eventPayload: 1 });
  await backend.stop();
  expect(handledBy).toEqual([2]);
});

it('fails the start of who asks for events where their store can not be', async () => {
  const { backend } = composeBackend({ config: { backend: { events: { store: 'postgres' } } } });
  backend.add(plugin('asking', async () => {}));
  await expect(backend.start()).rejects.toMatchObject({
    message: expect.stringContaining(
      "backend.events.store is 'postgres', but the database of plugin 'events'",
    ),
  });
});

const server = process.env.GREENROOM_TEST_POSTGRES;
const title = server ? 'PostgreSQL' : 'PostgreSQL (skipped: GREENROOM_TEST_POSTGRES names no server)';

(server ? it : it.skip)(
  `brings events over ${title} from one backend to another, each once`,
  async () => {
    const prefix = `greenroom_test_${randomBytes(4).toString('hex')}_`;
    const database = { client: 'pg', connection: server!, prefix };
    const config = { backend: { database, events: { store: 'postgres', retention: '10m' } } };
    const seen: string[] = [];
    let publisher!: EventsService;
    let onLast!: () => void;
    const last = new Promise<void>(resolve => (onLast = resolve));
    const subscriber = (name: string) =>
      plugin('subscriber', events =>
        events.subscribe({
          id: 'main',
          topics: ['x'],
          onEvent: async ({ eventPayload }: EventParams) => {
            seen.push(`${eventPayload as string} in ${name}`);
            if (eventPayload === 'second') onLast();
          },
        }),
      );
    const sending = await startBackend({
      config,
      features: [plugin('publisher', async events => void (publisher = events))],
    });
    const receiving = await startBackend({ config, features: [subscriber('one')] });
    try {
      await publisher.publish({ topic: 'x', eventPayload: 'first' });
      await publisher.publish({ topic: 'x', eventPayload: 'second' });
      await last;
    } finally {
      await Promise.all([sending.stop(), receiving.stop()]);
      await dropDatabases(prefix);
    }
    expect(seen).toEqual(['first in one', 'second in one']);
  },
  60_000,
);
