// Tests of what ends tasks and of what is left of them, on real databases.
import { DatabaseConnections } from '@greenroom/backend-defaults/database';
import { ConfigReader } from '@backstage/config';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import { eventually } from '../testing/scaffolderClient';
import { type TestDatabase, testDatabases } from '../testing/testDatabases';
import { migrateScaffolder } from './migrateScaffolder';
import { TaskLeases } from './TaskLeases';
import { TaskStore } from './TaskStore';

const cleanUps: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function open(make: () => Promise<TestDatabase>) {
  const database = await make();
  cleanUps.push(() => database.remove());
  const connections = new DatabaseConnections(new ConfigReader({ backend: { database: database.config } }));
  cleanUps.push(() => connections.close());
  const knex = await connections.forPlugin('scaffolder', { logger: {} as LoggerService }).getClient();
  await migrateScaffolder(knex);
  return { knex, store: new TaskStore(knex) };
}

const task = (id: string) => ({ id, spec: '{}', initiator: 'none' as const, secretNames: [] });

it.each(testDatabases)('cancels a task that comes back to the queue meanwhile, on %s', async (_, make) => {
  const { knex, store } = await open(make);
  await store.create(task('a'));
  const leases = new TaskLeases(knex, 'stopping');
  await leases.claim('a');
  const cancelled = await store.transaction(async trx => {
    await leases.handOver('a', trx);
    const outcome = store.cancel('a');
    if (isPostgres(knex)) {
      await eventually(async () => (await trx('pg_locks').where({ granted: false }).first()) ?? undefined);
    }
    return { outcome };
  });
  expect(await cancelled.outcome).toBe('cancelled');
  expect((await store.listEvents('a')).map(({ type }) => type)).toEqual(['cancelled', 'completion']);
});

it.each(testDatabases)('drops what tasks have left that ended long ago, on %s', async (_, make) => {
  const { knex, store } = await open(make);
  for (const id of ['long ago', 'lately', 'runs']) {
    await store.create(task(id));
    await knex('scaffolder_task_progress').insert({ task_id: id, kind: 'step', key: '0', value: '{}' });
    await knex('scaffolder_task_workspaces').insert({ task_id: id, archive: Buffer.from('files') });
  }
  await new TaskLeases(knex, 'me').claim('runs');
  await Promise.all([store.cancel('long ago'), store.cancel('lately')]);
  await knex('scaffolder_tasks')
    .where({ id: 'long ago' })
    .update({ ended_at: Date.now() - 7_200_000 });
  await store.dropLeftovers(3_600_000);
  for (const table of ['scaffolder_task_progress', 'scaffolder_task_workspaces']) {
    expect((await knex(table).pluck('task_id')).sort()).toEqual(['lately', 'runs']);
  }
});

it.each(testDatabases)(
  'keeps the secrets of a task that it cancels only for who runs it, on %s',
  async (_, make) => {
    const { knex, store } = await open(make);
    for (const id of ['runs', 'waits']) await store.create({ ...task(id), sealed: 'secrets' });
    await new TaskLeases(knex, 'me').claim('runs');
    expect(await store.cancel('runs')).toBe('requested');
    expect(await store.cancel('waits')).toBe('cancelled');
    expect(await knex('scaffolder_tasks').orderBy('id').select('id', 'sealed')).toEqual([
      { id: 'runs', sealed: 'secrets' },
      { id: 'waits', sealed: null },
    ]);
  },
);
