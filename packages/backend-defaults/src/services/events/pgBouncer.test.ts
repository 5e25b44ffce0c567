// Events of instances that reach PostgreSQL by a PgBouncer, which in transaction mode passes no notifications on.
import { ConfigReader } from '@backstage/config';
import { dropDatabases, PgBouncer } from '@greenroom/testing';
import { randomBytes } from 'node:crypto';
import { EventEmitter, on } from 'node:events';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { createPostgresEventBus } from './createPostgresEventBus';
import type { EventBus } from './EventBus';

const server = process.env.GREENROOM_TEST_POSTGRES;
const missing = [
  ...(server ? [] : ['GREENROOM_TEST_POSTGRES, the address of a PostgreSQL server']),
  ...(PgBouncer.isInstalled ? [] : ['pgbouncer, as in Debian’s package of that name']),
];
const title = missing.length > 0 ? ` (needs ${missing.join(' and ')})` : '';

(missing.length > 0 ? describe.skip : describe)(`events by a PgBouncer${title}`, () => {
  jest.setTimeout(60_000);
  const prefix = `greenroom_bouncer_${randomBytes(4).toString('hex')}_`;
  const buses: EventBus[] = [];
  let bouncer: PgBouncer;
  let logger: MemoryLogger;

  beforeEach(() => (logger = new MemoryLogger()));
  afterEach(async () => {
    await Promise.all(buses.splice(0).map(bus => bus.close()));
    await bouncer.stop();
    await dropDatabases(prefix);
  });

  async function instance() {
    const config = new ConfigReader({
      backend: { database: { client: 'pg', connection: bouncer.url, prefix } },
    });
    const bus = createPostgresEventBus({ config, logger, retention: 60_000 });
    buses.push(bus);
    return bus.forPlugin('search', { logger });
  }

  it.each([
    ['transaction', [expect.stringContaining('pool_mode')]],
    ['session', []],
  ] as const)('arrive in %s mode', async (mode, warnings) => {
    bouncer = await PgBouncer.start(server!, { mode });
    const [one, two] = [await instance(), await instance()];
    const arrived = new EventEmitter();
    const events = on(arrived, 'event');
    for (const [id, events_] of [
      ['one', one],
      ['two', two],
    ] as const) {
      await events_.subscribe({
        id,
        topics: ['x'],
        onEvent: async ({ eventPayload }) => void arrived.emit('event', `${id} ${eventPayload}`),
      });
    }
    await one.publish({ topic: 'x', eventPayload: 1 });
    const got = [(await events.next()).value[0], (await events.next()).value[0]];
    expect(got.sort()).toEqual(['one 1', 'two 1']);
    await two.publish({ topic: 'x', eventPayload: 2 });
    const more = [(await events.next()).value[0], (await events.next()).value[0]];
    expect(more.sort()).toEqual(['one 2', 'two 2']);
    expect(logger.entries.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual(
      warnings.flatMap(warning => [warning, warning]),
    );
  });
});
