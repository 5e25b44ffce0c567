// What it costs to take in, put together and remove many entities: counted.
import type { Entity } from '@backstage/catalog-model';
import type { EntityProviderMutation } from '@greenroom/plugin-catalog-node';
import type { Knex } from 'knex';
import { PlannerStatistics } from './database/PlannerStatistics';
import { commitProcessing } from './processing/commitProcessing';
import { ProcessingLease } from './processing/ProcessingLease';
import { removeUnreferenced } from './processing/removeUnreferenced';
import { ProviderConnection } from './providers/ProviderConnection';
import { removeObsoleteProviders } from './providers/removeObsoleteProviders';
import { selectPage } from './query/selectPage';
import { stitchNext } from './stitching/stitchNext';
import { createCatalogTables } from './testing/createCatalogTables';
import { clients, component } from './testing/startTestCatalog';

let knex: Knex;
let remove: () => Promise<void>;
let connection: ProviderConnection;
/** What was sent, and how long its parameters were. */
let statements: Array<{ sql: string; length: number }>;

beforeEach(() => void (statements = []));

async function begin(client: 'SQLite' | 'PostgreSQL'): Promise<void> {
  ({ knex, remove } = await createCatalogTables(client, {
    // Whoever waits for a lock here does so for ever.
    pool: { afterCreate: (own: any, done: any) => own.query("SET lock_timeout = '5s'", done) },
  }));
  connection = new ProviderConnection({
    ...{ knex, providerName: 'test', keepOrphans: false },
    wake() {},
    onConflicts() {},
  });
  knex.on('query', ({ sql, bindings = [] }: { sql: string; bindings?: unknown[] }) => {
    statements.push({ sql, length: Math.max(0, ...bindings.map(value => String(value).length)) });
  });
}

async function end(): Promise<void> {
  await remove();
}

function full(count: number, metadata: object = {}): EntityProviderMutation {
  const entities = Array.from({ length: count }, (_, at) => ({
    entity: component(`e${at}`, {}, metadata) as Entity,
  }));
  return { type: 'full', entities };
}

/** As processing does it, with the results of what is due. */
async function claim() {
  const lease = new ProcessingLease(knex);
  const claimed = await lease.take(1_000);
  await lease.release();
  const results = claimed.map(({ id, entity_ref: ref, unprocessed: processed, due_at: dueAt }) => ({
    ...{ id, ref, processed, children: [], unread: [], relations: [], refreshKeys: [], errors: null },
    ...{ cache: '{}', pipeline: 'p', resultHash: 'h', wasDueAt: Number(dueAt), dueInMs: 3_600_000 },
  }));
  return { results, options: { claim: lease.claim, keepOrphans: false } };
}

/** From what the provider gave to what is served. */
async function serve(): Promise<void> {
  const { results, options } = await claim();
  await commitProcessing(knex, results, options);
  await stitchNext(knex, 1_000);
}

const named = (pattern: RegExp) => statements.filter(({ sql }) => pattern.test(sql));

describe.each(clients)('many entities on %s', client => {
  beforeEach(() => begin(client));
  afterEach(end);

  it('are removed by their numbers, however many rows they were found by', async () => {
    await connection.applyMutation(full(50));
    await serve();
    expect(await knex('catalog_search').distinct('entity_id')).toHaveLength(50);
    await connection.applyMutation(full(10));
    statements = [];
    await stitchNext(knex, 100);
    expect(named(/catalog_search/).map(({ sql }) => sql.trim().split(' ')[0])).toEqual(['DELETE']);
    expect(await knex('catalog_search').distinct('entity_id')).toHaveLength(10);
  });

  it('are removed in parts once their provider is gone, and the rest after an interruption', async () => {
    await connection.applyMutation(full(2_500));
    await new ProviderConnection({
      ...{ knex, providerName: 'kept', keepOrphans: false },
      wake() {},
      onConflicts() {},
    }).applyMutation(full(1));
    await knex('catalog_stitch_queue').delete();
    const counts = async () => {
      const tables = ['catalog_refresh_state', 'catalog_references', 'catalog_stitch_queue'];
      return Promise.all(tables.map(async table => (await knex(table).select()).length));
    };
    const transaction = jest
      .fn()
      .mockImplementationOnce(knex.transaction.bind(knex))
      .mockRejectedValueOnce(new Error('interrupted'));
    const interrupted = { raw: knex.raw.bind(knex), transaction } as unknown as Knex;
    await expect(removeObsoleteProviders(interrupted, ['kept'])).rejects.toThrow('interrupted');
    // The entity that both gave may be among those of the first part, and stays.
    const [entities, references, queued] = (await counts()) as [number, number, number];
    expect([references, entities + queued]).toEqual([1_501, 2_500]);
    expect(entities === 1_500 || entities === 1_501).toBe(true);
    await removeObsoleteProviders(knex, ['kept']);
    expect(await counts()).toEqual([1, 1, 2_499]);
    expect(named(/^DELETE FROM catalog_references WHERE source =/)).toHaveLength(3);
  });

  it('are stored in parts, so that no list of their texts grows beyond what can be one text', async () => {
    const description = 'x'.repeat(2 * 1024 * 1024);
    const most = 10 * 1024 * 1024;
    await connection.applyMutation(full(6, { description }));
    await serve();
    expect(await knex('catalog_entities').select('id')).toHaveLength(6);
    await connection.applyMutation(full(6, { description, title: 'Changed' }));
    expect(statements.filter(({ length }) => length > most)).toEqual([]);
    // What was counted does have the texts.
    expect(statements.filter(({ length }) => length > most / 2).length).toBeGreaterThanOrEqual(8);
    const changed = await knex('catalog_refresh_state')
      .where('unprocessed', 'like', '%Changed%')
      .select('id');
    expect(changed).toHaveLength(6);
  });
});

describe('a provider that gives many entities', () => {
  beforeEach(() => begin('SQLite'));
  afterEach(end);

  it('lets others have a turn while they are read', async () => {
    let prepared = 0;
    const applied = connection.applyMutation(full(5_000, { toJSON: () => void prepared++ })).catch(() => {});
    await new Promise(setImmediate);
    expect(prepared).toBeLessThan(1_000);
    await applied;
    expect(prepared).toBe(5_000);
  });

  it('may use its list again at once', async () => {
    const mutation = full(2) as { type: 'full'; entities: object[] };
    const applied = connection.applyMutation(mutation as EntityProviderMutation);
    mutation.entities.length = 0;
    await applied;
    expect(await knex('catalog_refresh_state').select('id')).toHaveLength(2);
  });

  it('lets others have a turn while they are stored, whose database never waits', async () => {
    let turn = 0;
    const isOver = new AbortController();
    const count = () => void (turn++, isOver.signal.aborted || setImmediate(count));
    const turns = new Set<number>();
    knex.on('query', ({ sql }: { sql: string }) => {
      if (/INSERT INTO catalog_refresh_state/.test(sql)) turns.add(turn);
    });
    count();
    await connection.applyMutation(full(5_000));
    isOver.abort();
    expect(turns.size).toBe(5);
  });
});

const onPostgres = process.env.GREENROOM_TEST_POSTGRES ? describe : describe.skip;

onPostgres('many entities (skipped where GREENROOM_TEST_POSTGRES names no server)', () => {
  beforeEach(() => begin('PostgreSQL'));
  afterEach(end);

  /** How many rows of a table are read, by whatever way. */
  async function rowsRead(table: string, work: (tx: Knex) => Promise<unknown>): Promise<number> {
    return knex.transaction(async tx => {
      await work(tx);
      const { rows } = await tx.raw(
        `SELECT pg_stat_get_xact_tuples_returned(oid) + (
           SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) FROM pg_index WHERE indrelid = t.oid
         ) AS count FROM pg_class t WHERE oid = ?::regclass`,
        [table],
      );
      return Number(rows[0].count);
    });
  }

  it('are taken from the queue without reading all of it', async () => {
    await knex.raw(
      `INSERT INTO catalog_stitch_queue SELECT 'component:default/e' || at FROM generate_series(1, 20000) AS at`,
    );
    await knex.raw('ANALYZE catalog_stitch_queue');
    expect(await rowsRead('catalog_stitch_queue', tx => stitchNext(tx, 100))).toBeLessThan(1_000);
  });

  it('are processed without reading the references of all that their provider gave', async () => {
    await connection.applyMutation(full(20_000));
    await knex.raw('ANALYZE catalog_references');
    await knex('catalog_refresh_state')
      .where('id', '>', 100)
      .update({ due_at: Date.now() + 3_600_000 });
    const { results, options } = await claim();
    expect(results).toHaveLength(100);
    const read = await rowsRead('catalog_references', tx => commitProcessing(tx, results, options));
    expect(read).toBeLessThan(1_000);
  });

  it('are removed without comparing each of them with all others', async () => {
    await connection.applyMutation(full(2_000));
    const refs = await knex('catalog_references').pluck('target_ref');
    await knex('catalog_references').delete();
    const sent: Array<{ sql: string; bindings: Knex.RawBinding[] }> = [];
    knex.on('query', query => void sent.push(query));
    await knex.transaction(tx => removeUnreferenced(tx, refs));
    const explained = sent.filter(({ sql }) => /^(SELECT|WITH|DELETE|INSERT)/.test(sql.trim()));
    expect(explained.length).toBeGreaterThan(5);
    const plans = await knex.transaction(async tx => {
      // They would have to be far more otherwise.
      await tx.raw(`SET LOCAL work_mem = '64kB'`);
      const lines: string[] = [];
      for (const { sql, bindings } of explained) {
        const { rows } = await tx.raw(`EXPLAIN ${sql.replace(/\$\d+/g, '?')}`, bindings);
        lines.push(...rows.map((row: object) => Object.values(row)[0]));
      }
      return lines;
    });
    expect(plans.filter(line => /SubPlan|Nested Loop/.test(line))).toEqual([]);
    expect(await knex('catalog_refresh_state').select('id')).toEqual([]);
  });

  it('are searched for a text that none has without asking for each of them', async () => {
    await knex.raw(
      `INSERT INTO catalog_search (key, value, entity_id, original, position)
       SELECT key, 'e' || at, at, 'e' || at, 0 FROM generate_series(1, 5000) AS at,
         unnest(ARRAY['metadata.name', 'metadata.title'] || ARRAY(SELECT 'spec.' || n FROM generate_series(1, 10) AS n)) AS key`,
    );
    await knex('catalog_entities').insert({ id: 1, uid: 'u', entity_ref: 'r', etag: 't', entity: '{}' });
    await knex.raw('ANALYZE catalog_search, catalog_entities');
    const scans = await knex.transaction(async tx => {
      const condition = { text: 'zzz', fields: ['metadata.name', 'metadata.title'] };
      await selectPage(tx, { condition, order: [{ field: 'metadata.name', order: 'asc' }], limit: 20 });
      const { rows } = await tx.raw(
        `SELECT sum(pg_stat_get_xact_numscans(indexrelid)) AS count FROM pg_index WHERE indrelid = 'catalog_search'::regclass`,
      );
      return Number(rows[0].count);
    });
    expect(scans).toBeLessThan(100);
  });

  it('are counted anew while they come, each time after twice as many', async () => {
    const statistics = new PlannerStatistics(knex);
    const analysed = async (changes: number, isBusy: boolean) => {
      statements = [];
      statistics.note(changes);
      await statistics.refresh(isBusy);
      return named(/^ANALYZE/).length;
    };
    expect(await analysed(999, true)).toBe(0);
    expect(await analysed(1, true)).toBe(1);
    expect(await analysed(1_000, true)).toBe(0);
    expect(await analysed(1_000, true)).toBe(1);
    expect(await analysed(1_000, false)).toBe(1);
  });

  it('are not waited for by whoever reads, where a table is being vacuumed', async () => {
    const vacuum = await knex.transaction();
    try {
      await vacuum.raw('LOCK TABLE catalog_search IN SHARE UPDATE EXCLUSIVE MODE');
      const statistics = new PlannerStatistics(knex);
      statistics.note(1_000);
      await expect(statistics.refresh(false)).resolves.toBeUndefined();
    } finally {
      await vacuum.rollback();
    }
  });
});
