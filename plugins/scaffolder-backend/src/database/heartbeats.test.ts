// What signs of life cost PostgreSQL (set GREENROOM_TEST_POSTGRES to a URL).
import { randomBytes } from 'node:crypto';
import knexFactory from 'knex';
import { migrateScaffolder } from './migrateScaffolder';
import { TaskLeases } from './TaskLeases';
import { TaskStore } from './TaskStore';

const server = process.env.GREENROOM_TEST_POSTGRES;

(server ? it : it.skip)(
  'shows that a task lives without touching an index (skipped where GREENROOM_TEST_POSTGRES names no server)',
  async () => {
    const schema = `scaffolder_beats_${randomBytes(4).toString('hex')}`;
    const knex = knexFactory({ client: 'pg', connection: server!, searchPath: [schema] });
    try {
      await knex.raw('create schema ??', [schema]);
      await migrateScaffolder(knex);
      await new TaskStore(knex).create({ id: 'a', spec: '{}', initiator: 'none', secretNames: [] });
      const counted = await knex.transaction(async trx => {
        const leases = new TaskLeases(trx, 'me');
        expect(await leases.claim('a')).toBeDefined();
        for (let beat = 0; beat < 5; beat++) expect(await leases.beat(['a'])).toHaveLength(1);
        const { rows } = await trx.raw(
          `select pg_stat_get_xact_tuples_updated(id) as updated, pg_stat_get_xact_tuples_hot_updated(id) as hot
           from (select 'scaffolder_tasks'::regclass::oid as id) as tasks`,
        );
        return rows;
      });
      // The claim changes the status, by which tasks are found.
      expect(counted).toEqual([{ updated: '6', hot: '5' }]);
    } finally {
      await knex.raw('drop schema ?? cascade', [schema]);
      await knex.destroy();
    }
  },
);
