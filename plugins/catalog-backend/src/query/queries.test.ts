// Tests that what is kept of queries is what the database has, whoever changed it.
import knexFactory, { type Knex } from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { up } from '../database/migrations/20261126000000_init';
import { writeEntities } from '../stitching/writeEntities';
import { clients } from '../testing/startTestCatalog';
import type { EntityCondition } from './EntityCondition';
import { EntityQueries } from './EntityQueries';

const OWNED: EntityCondition = { key: 'spec.owner', values: ['crew'] };
const order = [{ field: 'metadata.name', order: 'asc' }] as const;
const ref = (name: string) => `component:default/${name}`;

describe.each(clients)('what is kept of queries on %s', client => {
  let folder: string;
  /** Those of two instances, and what they sent so far. */
  let knexes: [Knex, Knex];
  let sent: string[];
  let queries: EntityQueries;
  let dropSchema = async () => {};

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'catalog-queries-'));
    const open = await opener();
    knexes = [open(), open()];
    await up(knexes[0]);
    await write(1, 'a', 'crew');
    await write(2, 'b', 'team');
    sent = [];
    knexes[0].on('query', ({ sql }: { sql: string }) => sent.push(sql));
    queries = new EntityQueries(knexes[0]);
  });
  afterEach(async () => {
    await dropSchema();
    for (const knex of knexes) await knex.destroy();
    await rm(folder, { recursive: true });
  });

  async function opener(): Promise<() => Knex> {
    if (client === 'SQLite') {
      const connection = { filename: join(folder, 'catalog.sqlite') };
      return () => knexFactory({ client: 'better-sqlite3', connection, useNullAsDefault: true });
    }
    const schema = `catalog_queries_${randomUUID().slice(0, 8)}`;
    const open = () =>
      knexFactory({
        client: 'pg',
        connection: process.env.GREENROOM_TEST_POSTGRES!,
        searchPath: [schema],
        pool: { min: 0, max: 3 },
      });
    dropSchema = async () => void (await knexes[0].raw('DROP SCHEMA ?? CASCADE', [schema]));
    const first = open();
    await first.raw('CREATE SCHEMA ??', [schema]);
    await first.destroy();
    return open;
  }

  /** As stitching does, by the other instance. */
  async function write(id: number, name: string, owner: string): Promise<void> {
    const entity = { metadata: { name }, spec: { owner } };
    const search = [
      { key: 'metadata.name', value: name, original: name, position: 0 as const },
      { key: 'spec.owner', value: owner, original: owner, position: 0 as const },
    ];
    await knexes[1].transaction(async tx => {
      const row = { id, uid: `u${id}`, ref: ref(name), etag: owner, json: JSON.stringify(entity), search };
      await writeEntities(tx, [row], [id], []);
      await tx.raw('UPDATE catalog_revision SET revision = revision + 1');
    });
  }

  /** By name, the owners; `null` where there is none. */
  async function byRefs(names: string[], condition?: EntityCondition) {
    const found = await queries.byRefs(names.map(ref), condition);
    return names.map(name => ownerOf(found.get(ref(name))));
  }
  async function page(condition?: EntityCondition) {
    const rows = await queries.page({ condition, order, limit: 10 });
    return rows.map(({ entity }) => ownerOf(entity));
  }
  const ownerOf = (text?: string | Buffer) =>
    text === undefined ? null : (JSON.parse(text.toString()) as { spec: { owner: string } }).spec.owner;
  const readEntities = () => sent.filter(sql => sql.includes('catalog_entities')).length;

  it('is given without being read again, and read anew after any change', async () => {
    expect(await byRefs(['a', 'c', 'b', 'a'])).toEqual(['crew', null, 'team', 'crew']);
    expect(await page()).toEqual(['crew', 'team']);
    const before = readEntities();
    expect(await byRefs(['b', 'c'])).toEqual(['team', null]);
    expect(await page()).toEqual(['crew', 'team']);
    expect(readEntities()).toBe(before);

    await write(2, 'b', 'crew');
    expect(await byRefs(['b', 'c'])).toEqual(['crew', null]);
    expect(await page()).toEqual(['crew', 'crew']);
    await write(3, 'c', 'team');
    expect(await byRefs(['b', 'c'])).toEqual(['crew', 'team']);
    expect(await page()).toEqual(['crew', 'crew', 'team']);
  });

  it('is kept apart by what callers may see', async () => {
    for (let round = 0; round < 2; round++) {
      expect(await byRefs(['a', 'b'])).toEqual(['crew', 'team']);
      expect(await byRefs(['a', 'b'], OWNED)).toEqual(['crew', null]);
      expect(await byRefs(['a', 'b'], { not: OWNED })).toEqual([null, 'team']);
      expect(await page()).toEqual(['crew', 'team']);
      expect(await page(OWNED)).toEqual(['crew']);
    }
  });

  it('is asked about in one statement by those who ask in the same turn, and by nobody who asks later', async () => {
    const revisions = () => sent.filter(sql => sql.includes('catalog_revision')).length;
    await Promise.all([byRefs(['a']), page(), queries.count(OWNED)]);
    expect(revisions()).toBe(1);
    const first = byRefs(['a']);
    await new Promise(resolve => setImmediate(resolve));
    await Promise.all([first, byRefs(['a'])]);
    expect(revisions()).toBe(3);
  });

  it('is not kept where reading failed', async () => {
    await knexes[1].raw('ALTER TABLE catalog_entities RENAME TO elsewhere');
    await expect(page()).rejects.toThrow(/catalog_entities/);
    await expect(byRefs(['a'])).rejects.toThrow(/catalog_entities/);
    await knexes[1].raw('ALTER TABLE elsewhere RENAME TO catalog_entities');
    expect(await page()).toEqual(['crew', 'team']);
    expect(await byRefs(['a'])).toEqual(['crew']);
  });
});
