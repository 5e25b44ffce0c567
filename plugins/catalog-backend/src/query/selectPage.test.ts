// Tests that pages follow one order, whatever way they are found, and how much of the database is read for them.
import { eventually } from '@greenroom/testing';
import type { Knex } from 'knex';
import { createCatalogTables } from '../testing/createCatalogTables';
import { clients } from '../testing/startTestCatalog';
import type { EntityCondition, FieldCondition } from './EntityCondition';
import { EntityQueries } from './EntityQueries';
import type { PagePosition, PageQuery } from './PageQuery';
import { selectPage } from './selectPage';

describe.each(clients)('pages on %s', client => {
  jest.setTimeout(60_000);
  const COUNT = 3_000;
  let knex: Knex;
  let remove: () => Promise<void>;

  /** What an entity has in a field, if anything. */
  const FIELDS: Record<string, (id: number) => string | undefined> = {
    kind: id => (id % 3 === 0 ? 'api' : 'component'),
    'metadata.name': id => `n${(id * 7919) % COUNT}`.padStart(6, '0'),
    'spec.type': id => (id % 5 === 0 ? undefined : `t${(id * 31) % 4}`),
    'spec.one': id => (id % 2 === 0 ? 'yes' : undefined),
    'spec.other': id => (id % 2 === 1 || id === 2_000 ? 'yes' : undefined),
  };
  const ids = Array.from({ length: COUNT }, (_, at) => at + 1);

  beforeAll(async () => {
    ({ knex, remove } = await createCatalogTables(client));
    const entities = ids.map(id => ({ id, uid: `u${id}`, entity_ref: `r${id}`, etag: 'e', entity: '{}' }));
    const rows = Object.entries(FIELDS).flatMap(([key, valueOf]) =>
      ids.flatMap(id => {
        const value = valueOf(id);
        return value === undefined ? [] : [{ key, value, original: value, entity_id: id, position: 0 }];
      }),
    );
    for (const [position, value] of ['java', 'web'].entries()) {
      rows.push({ key: 'metadata.tags', value, original: value, entity_id: 1, position });
    }
    await knex.batchInsert('catalog_entities', entities, 150);
    await knex.batchInsert('catalog_search', rows, 150);
    if (client === 'SQLite') return;
    // Fields that nobody asks for.
    await knex.raw(
      `INSERT INTO catalog_search SELECT 'metadata.annotations.' || n, 'v', id, 'v', 0
       FROM generate_series(1, ${COUNT}) AS id, generate_series(1, 20) AS n`,
    );
    // Rows are not yet known to be visible to all while others on the server have an older transaction.
    await eventually(async () => {
      await knex.raw('VACUUM ANALYZE catalog_search, catalog_entities');
      const found = await knex.raw(
        `SELECT relpages - relallvisible AS left FROM pg_class WHERE oid = 'catalog_search'::regclass`,
      );
      expect(found.rows[0].left).toBe(0);
    }, 40_000);
  });
  afterAll(async () => {
    await remove();
  });

  const has = (key: string, value: string): FieldCondition => ({ key, values: [value] });
  const meets = (id: number, condition?: EntityCondition): boolean =>
    condition === undefined ||
    ('all' in condition
      ? condition.all.every(part => meets(id, part))
      : 'key' in condition && FIELDS[condition.key]!(id) === condition.values![0]);

  function sorted({ condition, order }: Pick<PageQuery, 'condition' | 'order'>): number[] {
    const sign = order.at(-1)?.order === 'desc' ? -1 : 1;
    return ids
      .filter(id => meets(id, condition))
      .sort((a, b) => {
        for (const { field, order: way } of order) {
          const [left, right] = [FIELDS[field]!(a), FIELDS[field]!(b)];
          if (left === right) continue;
          if (left === undefined || right === undefined) return left === undefined ? 1 : -1;
          return left < right === (way === 'asc') ? -1 : 1;
        }
        return sign * (a - b);
      });
  }

  const asc = (field: string) => ({ field, order: 'asc' }) as const;
  const desc = (field: string) => ({ field, order: 'desc' }) as const;
  const both = (one: FieldCondition, other: FieldCondition) => ({ all: [one, other] });
  const rare = both(has('spec.one', 'yes'), has('spec.other', 'yes'));
  const orders = [
    [asc('metadata.name')],
    [desc('spec.type')],
    [asc('kind'), desc('metadata.name')],
    [desc('spec.type'), asc('metadata.name')],
    [asc('metadata.name'), asc('kind')],
    [asc('spec.type'), desc('kind'), asc('spec.one')],
  ];
  const conditions: Array<EntityCondition | undefined> = [
    undefined,
    has('kind', 'component'),
    rare,
    both(has('spec.one', 'yes'), has('kind', 'api')),
    both(has('kind', 'api'), has('spec.type', 'none')),
  ];
  const queries = orders.flatMap(order => conditions.map(condition => ({ order, condition })));

  it.each(queries)('are parts of one list, in both directions: %j', async query => {
    const expected = sorted(query);
    for (const backwards of [false, true]) {
      const found: number[] = [];
      let position: PagePosition | undefined;
      for (;;) {
        const rows = await selectPage(knex, { ...query, backwards, position, limit: 700 });
        found.push(...rows.map(({ id }) => Number(id)));
        position = rows.at(-1);
        if (rows.length < 700) break;
      }
      expect(found).toEqual(backwards ? expected.toReversed() : expected);
    }
    for (const offset of [1, 900, 2_500, 4_000]) {
      const rows = await selectPage(knex, { ...query, offset, limit: 40 });
      expect(rows.map(({ id }) => Number(id))).toEqual(expected.slice(offset, offset + 40));
    }
  });

  it('have an entity once that has several of the values asked for', async () => {
    const condition = { key: 'metadata.tags', values: ['java', 'web'] };
    for (const wanted of [condition, both(condition, has('kind', 'component'))]) {
      for (const order of [[], ...orders]) {
        const rows = await selectPage(knex, { condition: wanted, order, limit: 40 });
        expect(rows.map(({ id }) => Number(id))).toEqual([1]);
      }
      expect(await new EntityQueries(knex).count(wanted)).toBe(1);
    }
  });

  const onSqlite = client === 'SQLite' ? it : it.skip;

  onSqlite(
    'are read and counted without looking through all rows of a field for each entity (skipped on PostgreSQL: other plans)',
    async () => {
      const condition = { key: 'metadata.name', prefix: '0n1' };
      const asked: Array<{ sql: string; bindings: string[] }> = [];
      const note = (statement: (typeof asked)[number]) => void asked.push(statement);
      knex.on('query', note);
      for (const query of [...queries, ...orders.map(order => ({ order, condition }))]) {
        for (const offset of [0, 900]) await selectPage(knex, { ...query, offset, limit: 40 });
        await selectPage(knex, { ...query, backwards: true, limit: 40 });
      }
      expect(await new EntityQueries(knex).count(condition)).toBe(1_000);
      knex.off('query', note);
      const plans = await Promise.all(
        asked.map(async ({ sql, bindings }) => {
          const steps: Array<{ detail: string }> = await knex.raw(`EXPLAIN QUERY PLAN ${sql}`, bindings);
          return steps.filter(({ detail }) =>
            /^SEARCH (g|s|o\d) USING PRIMARY KEY \(key=\?\)|^SEARCH s EXISTS .* value>/.test(detail),
          );
        }),
      );
      expect(plans.flat()).toEqual([]);
    },
  );

  onSqlite('are not gone through for each of the references that are looked for', async () => {
    const asked: Array<{ sql: string; bindings: string[] }> = [];
    const note = (statement: (typeof asked)[number]) => void asked.push(statement);
    knex.on('query', note);
    const found = await new EntityQueries(knex).byRefs(['r1', 'r2'], { key: 'metadata.name', prefix: '0n' });
    knex.off('query', note);
    expect([...found.keys()]).toEqual(['r1']);
    const { sql, bindings } = asked.at(-1)!;
    const steps: Array<{ detail: string }> = await knex.raw(`EXPLAIN QUERY PLAN ${sql}`, bindings);
    expect(steps).toContainEqual(
      expect.objectContaining({ detail: expect.stringMatching(/^SEARCH e .*\(entity_ref=\?\)$/) }),
    );
  });

  const onPostgres = client === 'PostgreSQL' ? it : it.skip;

  /** How many rows of the search index are read, and how many blocks of its table. */
  async function reads(work: (tx: Knex) => Promise<unknown>): Promise<{ rows: number; blocks: number }> {
    return knex.transaction(async tx => {
      const counted = async () => {
        const { rows } = await tx.raw(
          `SELECT sum(pg_stat_get_xact_tuples_returned(i.indexrelid)) + pg_stat_get_xact_tuples_returned(c.oid) AS rows,
             pg_stat_get_xact_blocks_fetched(c.oid) AS blocks
           FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid WHERE c.oid = 'catalog_search'::regclass GROUP BY c.oid`,
        );
        return { rows: Number(rows[0].rows), blocks: Number(rows[0].blocks) };
      };
      // Those of earlier transactions may not have been handed over yet.
      const before = await counted();
      await work(tx);
      const after = await counted();
      return { rows: after.rows - before.rows, blocks: after.blocks - before.blocks };
    });
  }

  onPostgres.each([
    [[asc('kind'), asc('metadata.name')], {}],
    [[asc('metadata.name'), asc('kind')], {}],
    [[asc('metadata.name')], { offset: 40 }],
  ] as const)('are read without all that comes behind them: %j %j', async (order, more) => {
    const { rows } = await reads(tx => selectPage(tx, { order, ...more, limit: 20 }));
    expect(rows).toBeLessThan(500);
  });

  onPostgres('are read from the index alone, as are counts of values', async () => {
    const { blocks } = await reads(tx =>
      new EntityQueries(tx).facets(['kind', 'spec.type'], has('kind', 'api')),
    );
    expect(blocks).toBeLessThan(10);
  });
});
