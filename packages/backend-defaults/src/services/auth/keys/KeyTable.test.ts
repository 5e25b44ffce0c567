// The table of public keys: made by whoever comes first, shared by all, and never full of what has expired.
import { ConfigReader } from '@backstage/config';
import type { DatabaseService } from '@greenroom/backend-plugin-api';
import { TcpProxy } from '@greenroom/testing';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOutage } from '../../../remote/outages';
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { DatabaseConnections } from '../../database/DatabaseConnections';
import { KeyTable } from './KeyTable';

const postgres = process.env.GREENROOM_TEST_POSTGRES;
const cleanUps: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  jest.useRealTimers();
  for (const cleanUp of cleanUps.splice(0).reverse()) {
    await cleanUp();
  }
});

/** The same database, as so many instances of a plugin see it. */
async function databases(
  client: string,
  count: number,
  { skipMigrations = false, url = postgres }: { skipMigrations?: boolean; url?: string } = {},
): Promise<DatabaseService[]> {
  const folder = await mkdtemp(join(tmpdir(), 'auth-keys-'));
  cleanUps.push(() => rm(folder, { recursive: true }));
  const pluginId = `keys-${randomUUID().slice(0, 8)}`;
  const connection = client === 'pg' ? url! : { directory: folder };
  const division = client === 'pg' ? { pluginDivisionMode: 'schema' } : {};
  const config = new ConfigReader({
    backend: { database: { client, connection, skipMigrations, ...division } },
  });
  const instances = Array.from({ length: count }, () => {
    const connections = new DatabaseConnections(config);
    cleanUps.push(() => connections.close());
    return connections.forPlugin(pluginId, { logger: new MemoryLogger() });
  });
  if (client === 'pg') {
    cleanUps.push(async () => {
      const knex = await instances[0]!.getClient();
      await knex.raw('drop schema ?? cascade', [pluginId]);
    });
  }
  return instances;
}

const key = (kid: string) => ({ kid, kty: 'EC', crv: 'P-256', x: 'x', y: 'y' });
const kidsOf = async (table: KeyTable) => (await table.list()).map(({ kid }) => kid).sort();
const hour = 3_600_000;

const reason = postgres ? '' : ' (skipped: GREENROOM_TEST_POSTGRES names no server)';
const itOnPostgres = postgres ? it : it.skip;

describe.each([
  ['better-sqlite3', '', it],
  ['pg', reason, itOnPostgres],
] as const)('on %s%s', (client, _, test) => {
  test('is made once by instances that start together, and shared by them', async () => {
    const tables = (await databases(client, 4)).map(database => new KeyTable(database));
    await Promise.all(tables.map((table, index) => table.add(key(`k${index}`), index === 3 ? -1 : hour)));
    for (const table of tables) expect(await kidsOf(table)).toEqual(['k0', 'k1', 'k2']);
    expect(await tables[0]!.list()).toContainEqual(key('k2'));
  });

  test('gives no expired keys, and loses them with the next new one', async () => {
    const [database] = await databases(client, 1);
    const table = new KeyTable(database!);
    await table.add(key('old'), -hour);
    await table.add(key('new'), hour);
    const knex = await database!.getClient();
    const rows = () => knex('greenroom_auth_public_keys');
    expect(await rows().pluck('id')).toEqual(['new']);
    // Until then nobody is given them.
    await rows().update({ expires_at: 1 });
    expect(await table.list()).toEqual([]);
    expect(await rows().pluck('id')).toEqual(['new']);
  });

  test('takes a key again that has expired', async () => {
    const [database] = await databases(client, 1);
    const table = new KeyTable(database!);
    await table.add(key('k'), hour);
    await (await database!.getClient())('greenroom_auth_public_keys').update({ expires_at: 1 });
    await table.add(key('k'), hour);
    expect(await kidsOf(table)).toEqual(['k']);
  });

  test('keeps a key that is added again as it was', async () => {
    const [database] = await databases(client, 1);
    const table = new KeyTable(database!);
    await table.add(key('k'), hour);
    const knex = await database!.getClient();
    const rows = () => knex('greenroom_auth_public_keys').select();
    const before = await rows();
    await table.add({ ...key('k'), x: 'forged' }, 2 * hour);
    expect(await rows()).toEqual(before);
    expect(await table.list()).toEqual([key('k')]);
  });
});

it('ends a key at its time, not after it', async () => {
  jest.useFakeTimers({
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout', 'clearTimeout'],
  });
  const [database] = await databases('better-sqlite3', 1);
  const table = new KeyTable(database!);
  await table.add(key('k'), hour);
  const added = Date.now();
  jest.setSystemTime(added + hour - 1);
  expect(await kidsOf(table)).toEqual(['k']);
  jest.setSystemTime(added + hour);
  expect(await kidsOf(table)).toEqual([]);
});

itOnPostgres(`expire by the clock of PostgreSQL, whatever those of instances show${reason}`, async () => {
  const [database] = await databases('pg', 1);
  const table = new KeyTable(database!);
  await table.add(key('punctual'), hour);
  jest.useFakeTimers({ now: Date.now() + 2 * hour, advanceTimers: true });
  expect(await kidsOf(table)).toEqual(['punctual']);
  await table.add(key('fast'), hour);
  expect(await kidsOf(table)).toEqual(['fast', 'punctual']);
});

itOnPostgres(`does not wait for ever for what PostgreSQL never answers${reason}`, async () => {
  const proxy = await TcpProxy.start(postgres!);
  const url = proxy.through(postgres!);
  cleanUps.push(() => proxy.stop());
  const [database] = await databases('pg', 1, { url });
  // Whoever asks while the server is silent is told so, and those after that are served again.
  const silent = async (ask: () => Promise<unknown>) => {
    await (await database!.getClient()).raw('select 1');
    proxy.mode = 'hang';
    const error = await ask().catch((thrown: unknown) => thrown);
    proxy.mode = 'pass';
    expect(isOutage(error)).toBe(true);
    await ask();
  };
  const table = new KeyTable(database!, { answerTimeout: 1_000 });
  await silent(() => table.list());
  await silent(() => table.add(key('k'), hour));
  // The first time it was to be opened first.
  await silent(() => table.list());
  expect(await kidsOf(table)).toEqual(['k']);
});

it('leaves the schema alone where migrations are skipped', async () => {
  const [database] = await databases('better-sqlite3', 1, { skipMigrations: true });
  const error = await new KeyTable(database!).list().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: expect.stringContaining('no such table') });
  // Nothing that would be over by itself.
  expect(isOutage(error)).toBe(false);
});

it('says why it can not be made', async () => {
  const [database] = await databases('better-sqlite3', 1);
  await (await database!.getClient()).raw('pragma query_only = on');
  await expect(new KeyTable(database!).list()).rejects.toThrow('readonly database');
});

it('tries again after the database was not to be had', async () => {
  const [database] = await databases('better-sqlite3', 1);
  let down = true;
  const table = new KeyTable({
    getClient: () => (down ? Promise.reject(new Error('down')) : database!.getClient()),
  });
  await expect(table.list()).rejects.toThrow('down');
  down = false;
  expect(await table.list()).toEqual([]);
});
