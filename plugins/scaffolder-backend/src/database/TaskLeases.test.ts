// Tests of leases on real databases: which task is whose, and what becomes of those of an instance that is silent.
import { DatabaseConnections } from '@greenroom/backend-defaults/database';
import { ConfigReader } from '@backstage/config';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import { eventually } from '../testing/scaffolderClient';
import { type TestDatabase, testDatabases } from '../testing/testDatabases';
import { migrateScaffolder } from './migrateScaffolder';
import { TaskLeases } from './TaskLeases';
import { TaskStore } from './TaskStore';

const task = (id: string) => ({ id, spec: '{}', initiator: 'none' as const, secretNames: [] });

describe.each(testDatabases)('TaskLeases on %s', (kind, makeDatabase) => {
  let database: TestDatabase;
  let connections: DatabaseConnections;
  let knex: Knex;
  let store: TaskStore;

  beforeEach(async () => {
    database = await makeDatabase();
    const logger = {} as LoggerService;
    connections = new DatabaseConnections(new ConfigReader({ backend: { database: database.config } }));
    knex = await connections.forPlugin('scaffolder', { logger }).getClient();
    await migrateScaffolder(knex);
    store = new TaskStore(knex);
    for (const id of ['a', 'b', 'c']) await store.create(task(id));
  });
  afterEach(async () => {
    await connections.close();
    await database.remove();
  });

  const of = (holder: string) => new TaskLeases(knex, holder);
  /** As if no instance had shown that it lives since 1970. */
  const silence = () =>
    knex('scaffolder_tasks').whereNotNull('last_heartbeat_at').update({ last_heartbeat_at: 1 });
  const silentIds = () => knex('scaffolder_tasks').where('last_heartbeat_at', 1).orderBy('id').pluck('id');

  it('gives a task that waits to one instance, and none that has ended', async () => {
    expect(await of('me').claim('a')).toMatchObject({ id: 'a', status: 'processing', holder: 'me' });
    expect(await of('other').claim('a')).toBeUndefined();
    expect(await of('me').beat(['a'])).toHaveLength(1);
    await store.cancel('b');
    expect(await of('me').claim('b')).toBeUndefined();
    expect((await store.find('b'))!.status).toBe('cancelled');
  });

  it('shows with the claim that its instance lives', async () => {
    await of('me').claim('a');
    expect(await of('other').hasSilent(60_000, [])).toBe(false);
    await eventually(async () => (await of('other').hasSilent(0, [])) || undefined);
  });

  it('finds an instance silent whose last heartbeat has yet to come, by a clock that was set back since', async () => {
    await of('other').claim('a');
    await store.create({ ...task('d'), holder: 'other' });
    const setBack = (milliseconds: number) =>
      knex('scaffolder_tasks').whereNotNull('holder').increment('last_heartbeat_at', milliseconds);
    await setBack(50_000);
    expect(await of('me').hasSilent(60_000, [])).toBe(false);
    await setBack(86_400_000);
    expect(await of('me').hasSilent(60_000, [])).toBe(true);
    expect(await store.transaction(trx => of('me').freeStale(60_000, ['a'], trx))).toEqual([]);
    expect(await store.transaction(trx => of('me').freeStale(60_000, [], trx))).toEqual(['a']);
    expect(await store.transaction(trx => of('me').freeWaiting(60_000, trx))).toEqual(['d']);
  });

  it('keeps of what an instance runs only what is still its own', async () => {
    await of('other').claim('a');
    for (const id of ['b', 'c']) await of('me').claim(id);
    await store.transaction(trx => of('me').handOver('c', trx));
    await store.create({ ...task('d'), holder: 'me' });
    await silence();
    expect(await of('me').beat(['a', 'b', 'c', 'd'])).toEqual([{ id: 'b', cancelRequested: false }]);
    expect(await silentIds()).toEqual(['a', 'c', 'd']);
  });

  it('keeps of what waits for an instance only what does so still', async () => {
    await store.create({ ...task('d'), holder: 'me' });
    await store.create({ ...task('e'), holder: 'other' });
    await of('me').claim('a');
    await silence();
    expect(await of('me').keepWaiting(['a', 'b', 'd', 'e'])).toEqual(['d']);
    expect(await silentIds()).toEqual(['a', 'e']);
  });

  it('leaves to all what waits for an instance that is silent, and nothing else', async () => {
    await of('lost').claim('a');
    await store.create({ ...task('d'), holder: 'lost' });
    await silence();
    await store.create({ ...task('e'), holder: 'alive' });
    await store.cancel('b');
    // As a lost task that has been opened to all already.
    await knex('scaffolder_tasks').where({ id: 'c' }).update({ last_heartbeat_at: 1 });
    const free = () => store.transaction(trx => of('me').freeWaiting(60_000, trx));
    // What runs may be looked for beside it; what waits is silent alone.
    expect(await of('me').hasSilent(60_000, ['a'])).toBe(true);
    expect(await free()).toEqual(['d']);
    expect(await of('me').hasSilent(60_000, ['a'])).toBe(false);
    const holders = await knex('scaffolder_tasks')
      .whereNotNull('holder')
      .orderBy('id')
      .select('id', 'holder');
    expect(holders).toEqual([
      { id: 'a', holder: 'lost' },
      { id: 'e', holder: 'alive' },
    ]);
  });

  it('looks for lost tasks among those that others run', async () => {
    await of('me').claim('a');
    await of('ended').claim('b');
    await silence();
    await knex('scaffolder_tasks').where({ id: 'b' }).update({ status: 'failed', holder: null });
    const free = (running: string[]) => store.transaction(trx => of('me').freeStale(60_000, running, trx));
    expect(await of('me').hasSilent(60_000, ['a'])).toBe(false);
    expect(await free(['a'])).toEqual([]);
    expect(await of('me').hasSilent(60_000, [])).toBe(true);
    expect(await free([])).toEqual(['a']);
    expect((await store.find('b'))!.status).toBe('failed');
  });

  it('hands over what is its own, which is no interruption', async () => {
    await of('me').claim('a');
    const handOver = (holder: string) => store.transaction(trx => of(holder).handOver('a', trx));
    expect(await handOver('other')).toBe(false);
    expect((await store.find('a'))!.status).toBe('processing');
    expect(await handOver('me')).toBe(true);
    expect(await of('other').claim('a')).toMatchObject({ resumptions: 1, interruptions: 0 });
  });

  it('frees the tasks of an instance that has shown no sign of life, once', async () => {
    await new TaskLeases(knex, 'dead').claim('a');
    await new TaskLeases(knex, 'alive').claim('b');
    await knex('scaffolder_tasks').where({ id: 'a' }).update({ last_heartbeat_at: 1 });
    const free = () => store.transaction(trx => new TaskLeases(knex, 'me').freeStale(60_000, [], trx));
    expect((await Promise.all([free(), free()])).flat()).toEqual(['a']);
    expect((await store.listOpenIds()).sort()).toEqual(['a', 'c']);
    expect(await new TaskLeases(knex, 'alive').beat(['a', 'b'])).toEqual([
      { id: 'b', cancelRequested: false },
    ]);
  });

  it('frees a task that an instance has given up, while that goes on with its others', async () => {
    const leases = new TaskLeases(knex, 'busy');
    for (const id of ['a', 'b']) await leases.claim(id);
    await knex('scaffolder_tasks').update({ last_heartbeat_at: 1 });
    expect(await leases.beat(['b'])).toEqual([{ id: 'b', cancelRequested: false }]);
    expect(await store.transaction(trx => new TaskLeases(knex, 'other').freeStale(60_000, [], trx))).toEqual([
      'a',
    ]);
  });

  // SQLite writes one after the other.
  if (kind === 'PostgreSQL') {
    it('locks tasks in the order in which heartbeats do', async () => {
      const leases = new TaskLeases(knex, 'me');
      for (const id of ['b', 'a']) await leases.claim(id);
      const writing = await knex.transaction();
      const lock = (id: string) => writing('scaffolder_tasks').where({ id }).forUpdate().first('id');
      // The one that does not look for deadlocks itself is not the one that is ended.
      await writing.raw("set local deadlock_timeout = '1min'");
      await lock('a');
      const beat = leases.beat(['a', 'b']);
      await eventually(async () => {
        const waiting = await knex('pg_locks').where({ granted: false }).count();
        return Number(waiting[0]!.count) > 0 || undefined;
      });
      await lock('b');
      await writing.commit();
      expect((await beat).map(({ id }) => id).sort()).toEqual(['a', 'b']);
    });
  }
});
