// Tests of what ends a task while an instance gives it back: on a real database, in the order that is hard to meet.
import { DatabaseConnections } from '@greenroom/backend-defaults/database';
import { ConfigReader } from '@backstage/config';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { eventually } from '../testing/scaffolderClient';
import { testDatabases } from '../testing/testDatabases';
import { isPostgres } from './databaseNow';
import { migrateScaffolder } from './migrateScaffolder';
import { TaskLeases } from './TaskLeases';
import { TaskStore } from './TaskStore';

it.each(testDatabases)('cancels a task that comes back to the queue meanwhile, on %s', async (_, make) => {
  const database = await make();
  const connections = new DatabaseConnections(new ConfigReader({ backend: { database: database.config } }));
  const knex = await connections.forPlugin('scaffolder', { logger: {} as LoggerService }).getClient();
  await migrateScaffolder(knex);
  const store = new TaskStore(knex);
  await store.create({ id: 'a', spec: '{}', initiator: 'none', secretNames: [] });
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
  await connections.close();
  await database.remove();
});
