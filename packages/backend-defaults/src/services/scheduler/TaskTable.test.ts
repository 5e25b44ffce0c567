// The table of global tasks on real databases: what its statements leave alone, whoever calls them.
import { ConfigReader } from '@backstage/config';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { DatabaseConnections } from '../database/DatabaseConnections';
import { TaskTable } from './TaskTable';

const server = process.env.GREENROOM_TEST_POSTGRES;
const hour = 3_600_000;
/** A lease that is over as soon as it is taken. */
const over = -1;

describe.each([
  ['SQLite', it],
  ['PostgreSQL (only with GREENROOM_TEST_POSTGRES)', server ? it : it.skip],
] as const)('on %s', (database, test) => {
  let table: TaskTable;
  let close = async () => {};

  async function open() {
    const folder = await mkdtemp(join(tmpdir(), 'greenroom-task-table-'));
    const pluginId = `tasks${randomBytes(4).toString('hex')}`;
    const division = { connection: server!, pluginDivisionMode: 'schema' };
    const connections = new DatabaseConnections(
      new ConfigReader({
        backend: {
          database:
            database === 'SQLite'
              ? { client: 'better-sqlite3', connection: { directory: folder } }
              : { client: 'pg', ...division },
        },
      }),
    );
    const knex = await connections.forPlugin(pluginId, { logger: new MemoryLogger() }).getClient();
    close = async () => {
      if (database !== 'SQLite') await knex.raw('drop schema ?? cascade', [pluginId]);
      await connections.close();
      await rm(folder, { recursive: true });
    };
    table = await TaskTable.open(knex);
  }
  afterEach(async () => {
    await close();
    close = async () => {};
  });

  const rowOf = async (id: string) => (await table.list()).find(row => row.id === id)!;
  const due = () => table.clock.now() - 1;

  test('keeps the next time of a task that is known, also where its cadence changed before', async () => {
    await open();
    const [first, second, third] = [hour, 2 * hour, 3 * hour];
    expect(await table.register('a', 'PT1H', first)).toMatchObject({ nextRunAt: first });
    expect(await table.register('a', 'PT1H', second)).toMatchObject({ nextRunAt: first });
    expect(await table.register('a', 'PT2H', second)).toMatchObject({ nextRunAt: second });
    expect(await table.register('a', 'PT2H', third)).toMatchObject({ nextRunAt: second });
  });

  test('gives a task that is due to one run, and to another one when its lease is over', async () => {
    await open();
    await table.register('later', 'PT1H', table.clock.now() + hour);
    expect(await table.acquire('later', 'one', hour)).toBeUndefined();
    await table.register('a', 'PT1H', due());
    const { expiresAt } = (await table.acquire('a', 'one', over))!;
    const lost = { expiresAt: expiresAt!, isSilent: false };
    // The lease was renewed since it was read, before the clock was set forward.
    expect(await table.acquire('a', 'two', hour, { ...lost, expiresAt: expiresAt! - 1 })).toBeUndefined();
    expect(await table.acquire('a', 'two', hour)).toBeUndefined();
    const two = (await table.acquire('a', 'two', hour, lost))!;
    expect(two).toMatchObject({ startedAt: expect.any(Number) });
    expect(await table.acquire('a', 'three', hour, { ...lost, expiresAt: two.expiresAt! })).toBeUndefined();
    expect(await table.renew('a', 'one', hour)).toEqual({ kept: false, cancelled: false });
    expect(await table.release('a', 'one', { cadence: 'PT1H', nextRunAt: 0, error: 'x' })).toBeUndefined();
    expect(await table.renew('a', 'two', hour)).toEqual({ kept: true, cancelled: false });
  });

  test('takes the lease of a run that is silent, whatever its end, and no other', async () => {
    await open();
    await table.register('a', 'PT1H', due());
    const { expiresAt } = (await table.acquire('a', 'one', hour))!;
    const lost = { expiresAt: expiresAt! - 1, isSilent: true };
    expect(await table.acquire('a', 'two', hour, lost)).toBeUndefined();
    const taken = await table.acquire('a', 'two', hour, { ...lost, expiresAt: expiresAt! });
    expect(taken).toMatchObject({ startedAt: expect.any(Number) });
  });

  test('changes the next time of a task that nobody runs, as it was read', async () => {
    await open();
    const [from, to] = [table.clock.now() + hour, due()];
    await table.register('a', 'PT1H', from);
    expect(await table.reschedule('a', 'PT2H', { from, to })).toBeUndefined();
    expect(await table.reschedule('a', 'PT1H', { from: from + 1, to })).toBeUndefined();
    expect(await table.reschedule('a', 'PT1H', { from, to })).toMatchObject({ nextRunAt: to });
    await table.acquire('a', 'one', hour);
    expect(await table.reschedule('a', 'PT1H', { from: to, to: from })).toBeUndefined();
  });

  test('ends only the run that was to end, and no later one', async () => {
    await open();
    await table.register('a', 'PT1H', due());
    expect(await table.requestCancel('a')).toBe('idle');
    await table.acquire('a', 'one', hour);
    expect(await table.requestCancel('a')).toMatchObject({ id: 'a' });
    expect(await table.renew('a', 'one', hour)).toEqual({ kept: true, cancelled: true });
    await table.release('a', 'one', { cadence: 'PT1H', nextRunAt: due(), error: 'cancelled' });
    await table.acquire('a', 'two', hour);
    expect(await table.renew('a', 'two', hour)).toEqual({ kept: true, cancelled: false });
    await table.renew('a', 'two', over);
    expect(await table.requestCancel('a')).toBe('idle');
    expect(await table.requestCancel('unknown')).toBe('missing');
  });

  test('keeps at the end of a run what another release of the plugin has set meanwhile', async () => {
    await open();
    await table.register('a', 'PT1H', due());
    await table.acquire('a', 'one', hour);
    await table.register('a', 'PT2H', hour);
    const end = { cadence: 'PT1H', nextRunAt: 5 * hour, error: 'failed' };
    expect(await table.release('a', 'one', end)).toMatchObject({ nextRunAt: hour, lastError: 'failed' });
    await table.acquire('a', 'two', hour);
    const success = { cadence: 'PT2H', nextRunAt: 6 * hour, error: undefined };
    expect(await table.release('a', 'two', success)).toMatchObject({ nextRunAt: 6 * hour });
    expect(await rowOf('a')).toMatchObject({ lastError: undefined, expiresAt: undefined });
  });

  test('lets a task run now that nobody runs', async () => {
    await open();
    await table.register('a', 'manual', undefined);
    await table.register('b', 'manual', undefined);
    expect(await table.trigger('a')).toMatchObject({ id: 'a' });
    expect((await rowOf('b')).nextRunAt).toBeUndefined();
    await table.acquire('a', 'one', hour);
    const { nextRunAt } = await rowOf('a');
    expect(await table.trigger('a')).toBe('running');
    expect(await rowOf('a')).toMatchObject({ nextRunAt });
    await table.renew('a', 'one', over);
    expect(await table.trigger('a')).toMatchObject({ id: 'a' });
    expect(await table.trigger('unknown')).toBe('missing');
  });
});
