// Events of tasks that another instance writes, while the database does not answer everything that it is asked.
import { ConfigReader } from '@backstage/config';
import { DatabaseConnections } from '@greenroom/backend-defaults/database';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { migrateScaffolder } from '../database/migrateScaffolder';
import { TaskStore } from '../database/TaskStore';
import { eventually } from '../testing/scaffolderClient';
import { testDatabases } from '../testing/testDatabases';
import { TaskFeed } from './TaskFeed';

const postgres = testDatabases.filter(([name]) => name === 'PostgreSQL');
const cleanUps: Array<() => unknown> = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Passes on what comes, and drops what comes for the server while `drops` is set. */
async function startDroppingProxy(target: URL) {
  const state = { drops: false, dropped: 0, url: new URL(target) };
  const server = createServer(socket => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    upstream.on('error', () => {}).on('close', () => socket.destroy());
    upstream.on('data', data => socket.write(data));
    socket.on('error', () => {}).on('close', () => upstream.destroy());
    socket.on('data', data => {
      if (state.drops) state.dropped++;
      else upstream.write(data);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => server.close());
  state.url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

async function openStore(database: object) {
  const connections = new DatabaseConnections(new ConfigReader({ backend: { database } }));
  cleanUps.push(() => connections.close());
  const logger = { debug: () => {}, warn: () => {} } as unknown as LoggerService;
  const knex = await connections.forPlugin('scaffolder', { logger }).getClient();
  await migrateScaffolder(knex);
  const store = new TaskStore(knex);
  return { store, feed: new TaskFeed(store, logger) };
}

(postgres.length > 0 ? it : it.skip)(
  'come though one look for them got no answer (only with GREENROOM_TEST_POSTGRES)',
  async () => {
    const database = await postgres[0]![1]();
    cleanUps.push(() => database.remove());
    const proxy = await startDroppingProxy(new URL(String(database.config.connection)));
    const writing = await openStore(database.config);
    const reading = await openStore({ ...database.config, connection: proxy.url.href });
    await writing.store.create({ id: 'a', spec: '{}', initiator: 'none', secretNames: [] });
    const stop = new AbortController();
    const hasEnded = jest.spyOn(reading.store, 'hasEnded');
    const next = reading.feed.follow('a', 0, stop.signal).next();
    // From then on it waits to hear that there is something.
    await eventually(async () => ((await hasEnded.mock.results[0]?.value) === false ? true : undefined));
    proxy.drops = true;
    await eventually(async () => proxy.dropped > 0 || undefined);
    proxy.drops = false;
    await writing.store.cancel('a');
    expect((await next).value.map(({ type }: { type: string }) => type)).toEqual(['cancelled', 'completion']);
    stop.abort();
  },
  60_000,
);
