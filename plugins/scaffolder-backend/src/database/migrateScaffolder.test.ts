// Migrations of a scaffolder that is in use on PostgreSQL (set GREENROOM_TEST_POSTGRES to a URL).
import { randomUUID } from 'node:crypto';
import knexFactory, { type Knex } from 'knex';
import { migrateScaffolder } from './migrateScaffolder';
import * as heartbeats from './migrations/20261127000000_heartbeats';

const server = process.env.GREENROOM_TEST_POSTGRES;

(server ? it : it.skip)(
  'keeps nobody from reading tasks for long while it waits for a backup (skipped where GREENROOM_TEST_POSTGRES names no server)',
  async () => {
    const schema = `scaffolder_migrations_${randomUUID().slice(0, 8)}`;
    const connect = (): Knex =>
      knexFactory({ client: 'pg', connection: server!, searchPath: [schema], pool: { min: 0, max: 4 } });
    const [knex, others] = [connect(), connect()];
    const isWaiting = async () => {
      const { rows } = await others.raw(
        `SELECT FROM pg_locks WHERE NOT granted AND relation = 'scaffolder_tasks'::regclass`,
      );
      return rows.length > 0;
    };
    let backup: Knex.Transaction | undefined;
    try {
      await knex.raw('CREATE SCHEMA ??', [schema]);
      await migrateScaffolder(knex);
      await heartbeats.down(knex);
      await knex('scaffolder_migrations').where('name', 'like', '%heartbeats').delete();

      backup = await others.transaction();
      await backup.raw('SELECT FROM scaffolder_tasks');
      const migrated = migrateScaffolder(knex);
      const end = performance.now() + 5_000;
      while (!(await isWaiting()))
        if (performance.now() > end) throw new Error('The migration does not wait');
      const begin = performance.now();
      await others('scaffolder_tasks').first().timeout(5_000);
      expect(performance.now() - begin).toBeLessThan(3_000);
      await backup.commit();
      await migrated;
      const { rows } = await knex.raw(
        `SELECT pg_get_indexdef('scaffolder_tasks_status_idx'::regclass) AS index`,
      );
      expect(rows[0].index).toMatch(/\(status\)$/);
    } finally {
      await backup?.rollback();
      await knex.raw('DROP SCHEMA ?? CASCADE', [schema]);
      await Promise.all([knex.destroy(), others.destroy()]);
    }
  },
);
