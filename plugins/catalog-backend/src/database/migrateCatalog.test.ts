// Migrations of a catalog that is in use on PostgreSQL (set GREENROOM_TEST_POSTGRES to a URL).
import { eventually } from '@greenroom/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import knexFactory, { type Knex } from 'knex';
import { migrateCatalog } from './migrateCatalog';
import * as claims from './migrations/20261127000000_claims';
import * as coveringIndex from './migrations/20261129000000_coveringIndex';

const server = process.env.GREENROOM_TEST_POSTGRES;
const title = 'skipped where GREENROOM_TEST_POSTGRES names no server';

(server ? describe : describe.skip)(`the migrations of a catalog in use (${title})`, () => {
  const schema = `catalog_migrations_${randomUUID().slice(0, 8)}`;
  const clients: Knex[] = [];
  let knex: Knex;

  function connect(): Knex {
    const client = knexFactory({
      client: 'pg',
      connection: { connectionString: server!, application_name: schema },
      searchPath: [schema],
      pool: { min: 0, max: 4 },
    });
    clients.push(client);
    return client;
  }

  beforeEach(async () => {
    knex = connect();
    await knex.raw('CREATE SCHEMA ??', [schema]);
    await migrateCatalog(knex);
    await coveringIndex.down(knex);
    // Those after it do nothing on PostgreSQL.
    await knex('greenroom_catalog_migrations').where('name', '>', '20261129').delete();
  });
  afterEach(async () => {
    await knex.raw('DROP SCHEMA ?? CASCADE', [schema]);
    await Promise.all(clients.splice(0).map(client => client.destroy()));
  });

  /** Keeps the migration waiting, as any instance does that writes. */
  async function write(): Promise<Knex.Transaction> {
    const tx = await connect().transaction();
    await tx('catalog_search').insert({ key: 'k', value: 'v', entity_id: 1, position: 0 });
    return tx;
  }

  /** Resolves when a statement of this schema's connections waits for a lock. */
  const waits = (statement: string) =>
    eventually(async () => {
      const { rows } = await knex.raw(
        `SELECT 1 FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid AND NOT l.granted
         WHERE a.query LIKE ? AND a.application_name = ?`,
        [`${statement}%`, schema],
      );
      expect(rows).not.toEqual([]);
    });

  async function indexes(): Promise<string[]> {
    const { rows } = await knex.raw<{ rows: Array<{ name: string; valid: boolean; definition: string }> }>(
      `SELECT indexrelid::regclass::text AS name, indisvalid AS valid, pg_get_indexdef(indexrelid) AS definition
       FROM pg_index WHERE indrelid = 'catalog_search'::regclass ORDER BY 1`,
    );
    return rows.map(({ name, valid, definition }) =>
      [name, valid ? 'valid' : 'invalid', /INCLUDE \(.*/.exec(definition)?.[0]].filter(Boolean).join(' '),
    );
  }
  const covering = [
    'catalog_search_entity valid',
    'catalog_search_pkey valid INCLUDE (original, "position")',
  ];

  it('build the covering index after what a killed instance had begun, which ends on the server in its own time', async () => {
    const writer = await write();
    const killed = connect()
      .raw('CREATE UNIQUE INDEX CONCURRENTLY catalog_search_next ON catalog_search (key, value, entity_id)')
      .catch(() => {});
    await waits('CREATE UNIQUE INDEX');
    const migrated = migrateCatalog(knex);
    await waits('DROP INDEX');
    await writer.commit();
    await Promise.all([migrated, killed]);
    expect(await indexes()).toEqual(covering);
  });

  it('build the covering index although an instance that analyses the table meanwhile makes it fail', async () => {
    const writer = await write();
    const migrated = migrateCatalog(knex);
    await waits('CREATE UNIQUE INDEX');
    const analyst = await connect().transaction();
    // The one that does not look for deadlocks itself is not the one that is ended.
    await analyst.raw(`SET LOCAL deadlock_timeout = '1min'`);
    const analysed = analyst.raw('ANALYZE catalog_search').then(() => analyst.commit());
    await waits('ANALYZE');
    await writer.commit();
    await Promise.all([migrated, analysed]);
    expect(await indexes()).toEqual(covering);
  });

  it.each([
    ['coveringIndex', 'catalog_search'],
    ['claims', 'catalog_refresh_state'],
  ])('keep nobody from reading for long while %s waits for a backup', async (name, table) => {
    if (name === 'claims') {
      await claims.down(knex);
      await knex('greenroom_catalog_migrations').where('name', 'like', '%claims').delete();
    }
    const backup = await connect().transaction();
    await backup.raw('SELECT FROM ??', [table]);
    const migrated = migrateCatalog(knex);
    await waits('ALTER TABLE');
    const begin = performance.now();
    await connect()(table).first().timeout(5_000);
    expect(performance.now() - begin).toBeLessThan(3_000);
    await sleep(1_000);
    await backup.commit();
    await migrated;
    expect(await indexes()).toEqual(covering);
    expect(await knex('catalog_refresh_state').select('claimed_until')).toEqual([]);
  });
});
