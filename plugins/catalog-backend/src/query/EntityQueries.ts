// Reads entities from the database.
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { listTable, rowsOf } from '../database/valuesTable';
import { allSql, conditionSql, type SqlPart, textSearchFunction } from './conditionSql';
import { countEntities } from './countEntities';
import type { EntityCondition } from './EntityCondition';
import { type EntityText, entityTextColumn, toBytes } from './EntityText';
import { RevisionCache } from './RevisionCache';
import type { PageQuery, PageRow } from './PageQuery';
import { selectPage } from './selectPage';

/** How many entities of a list are in memory at once. */
export const STREAM_PAGE = 500;

/** Cached for a reference without a matching entity. */
const ABSENT = Symbol('absent');

/** A value of a field, and the number of entities that have it. */
export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

/** Returns entities as stored JSON, because most of them are sent to clients unchanged. */
export class EntityQueries {
  readonly #knex: Knex;
  readonly #cache: RevisionCache;

  constructor(knex: Knex) {
    this.#knex = knex;
    this.#cache = new RevisionCache(knex);
  }

  page(query: PageQuery): Promise<readonly PageRow[]> {
    const compute = async () => {
      // Pages mostly come with the number of all.
      const rows = await selectPage(this.#knex, { ...query, countAll: () => this.count(query.condition) });
      return rows.map((row): PageRow => ({ ...row, entity: toBytes(row.entity) }));
    };
    return this.#cache.get(`page ${JSON.stringify(query)}`, compute, bytesOfRows);
  }

  /** Yields all entities from `offset` on, or `limit` of them, page by page. Pages are not kept in memory. */
  async *stream({
    limit: left = Number.POSITIVE_INFINITY,
    offset,
    ...query
  }: Pick<PageQuery, 'condition' | 'order' | 'offset'> & { limit?: number | undefined }): AsyncGenerator<
    PageRow[]
  > {
    let position: PageRow | undefined;
    while (left > 0) {
      const limit = Math.min(left, STREAM_PAGE);
      const from = position ? { position } : { offset };
      // Not cached, because it would evict everything that is requested more often.
      const rows: PageRow[] = await selectPage(this.#knex, { ...query, ...from, limit });
      if (rows.length > 0) yield rows;
      if (rows.length < limit) return;
      left -= limit;
      position = rows.at(-1);
    }
  }

  count(condition: EntityCondition | undefined): Promise<number> {
    return this.#cache.get(
      `count ${JSON.stringify(condition)}`,
      () => countEntities(this.#knex, condition),
      () => 0,
    );
  }

  /** Indexed by reference. References without a matching entity are absent. */
  async byRefs(refs: readonly string[], condition?: EntityCondition): Promise<Map<string, EntityText>> {
    const entries = await this.#cache.current();
    const prefix = `entity ${condition ? digest(condition) : 'any'} `;
    const found = new Map<string, EntityText>();
    const unknown = new Set<string>();
    for (const ref of refs) {
      const entity = entries.get<EntityText | typeof ABSENT>(prefix + ref);
      if (entity === undefined) unknown.add(ref);
      else if (entity !== ABSENT) found.set(ref, entity);
    }
    if (unknown.size === 0) return found;
    for (const { entity_ref: ref, entity } of await this.#selectByRefs([...unknown], condition)) {
      const bytes = toBytes(entity);
      found.set(ref, bytes);
      entries.set(prefix + ref, bytes, bytes.length);
      unknown.delete(ref);
    }
    for (const ref of unknown) entries.set(prefix + ref, ABSENT, 0);
    return found;
  }

  async #selectByRefs(refs: readonly string[], condition: EntityCondition | undefined) {
    const asked = listTable(this.#knex, 'asked', { ref: 'text' }, refs);
    // The `+` keeps SQLite from going through all entities that meet the condition for each reference.
    const { sql, bindings } = this.#condition(condition, '+e.id');
    return rowsOf<{ entity_ref: string; entity: EntityText }>(
      await this.#knex.raw(
        `SELECT e.entity_ref, ${entityTextColumn(this.#knex)} FROM ? JOIN catalog_entities e ON e.entity_ref = asked.ref WHERE ${sql}`,
        [asked, ...bindings],
      ),
    );
  }

  byRef(ref: string, condition?: EntityCondition): Promise<EntityText | undefined> {
    return this.#one('e.entity_ref = ?', ref, condition);
  }

  byUid(uid: string, condition?: EntityCondition): Promise<EntityText | undefined> {
    return this.#one('e.uid = ?', uid, condition);
  }

  /** Indexed by field, spelled as requested. */
  facets(fields: readonly string[], condition?: EntityCondition): Promise<Record<string, FacetValue[]>> {
    const compute = async () => {
      const keys = fields.map(field => field.toLowerCase());
      const filter = this.#condition(condition, 'f.entity_id');
      const rows = rowsOf<{ key: string; value: string; count: number | string }>(
        await this.#knex.raw(
          `SELECT f.key, f.original AS value, count(*) AS count FROM catalog_search f
           WHERE f.key IN (${keys.map(() => '?').join(', ')}) AND f.original IS NOT NULL AND ${filter.sql}
           GROUP BY f.key, f.original ORDER BY f.key, f.original`,
          [...keys, ...filter.bindings],
        ),
      );
      const byKey = new Map(keys.map((key): [string, FacetValue[]] => [key, []]));
      for (const { key, value, count } of rows) byKey.get(key)?.push({ value, count: Number(count) });
      return Object.fromEntries(fields.map((field, index) => [field, byKey.get(keys[index]!)!]));
    };
    return this.#cache.get(`facets ${JSON.stringify([fields, condition])}`, compute, bytesOfFacets);
  }

  /** The entity and all its ancestors, itself first, each with its parents. */
  async ancestry(ref: string, condition?: EntityCondition) {
    const rows = rowsOf<{ ref: string; parent: string | null }>(
      await this.#knex.raw(
        `WITH RECURSIVE way (ref) AS (
           SELECT entity_ref FROM catalog_entities WHERE entity_ref = ?
           UNION
           SELECT substr(r.source, 8) FROM way
           JOIN catalog_references r ON r.target_ref = way.ref AND r.source LIKE 'entity:%'
         )
         SELECT way.ref, substr(r.source, 8) AS parent FROM way
         LEFT JOIN catalog_references r ON r.target_ref = way.ref AND r.source LIKE 'entity:%'`,
        [ref],
      ),
    );
    const parents = new Map<string, string[]>();
    for (const row of rows) {
      const known = parents.get(row.ref) ?? [];
      if (row.parent !== null) known.push(row.parent);
      parents.set(row.ref, known);
    }
    const order = upwards(ref, parents);
    const entities = await this.byRefs(order, condition);
    return order.flatMap(own => {
      const entity = entities.get(own);
      const parentRefs = parents.get(own)?.filter(parent => entities.has(parent)) ?? [];
      return entity === undefined ? [] : [{ ref: own, entity, parentRefs: parentRefs.sort() }];
    });
  }

  async #one(where: string, value: string, condition?: EntityCondition): Promise<EntityText | undefined> {
    const part = this.#condition(condition, 'e.id');
    const rows = rowsOf<{ entity: EntityText }>(
      await this.#knex.raw(
        `SELECT ${entityTextColumn(this.#knex)} FROM catalog_entities e WHERE ${where} AND ${part.sql}`,
        [value, ...part.bindings],
      ),
    );
    return rows[0]?.entity;
  }

  #condition(condition: EntityCondition | undefined, id: string): SqlPart {
    return condition ? conditionSql(condition, id, textSearchFunction(this.#knex)) : allSql([]);
  }
}

/** Level by level, each only once: there may be several ways, and cycles. */
function upwards(ref: string, parents: ReadonlyMap<string, readonly string[]>): string[] {
  const order = new Set(parents.has(ref) ? [ref] : []);
  for (const own of order) for (const parent of parents.get(own) ?? []) order.add(parent);
  return [...order];
}

/** The approximate size of the rows in memory. */
function bytesOfRows(rows: readonly PageRow[]): number {
  return rows.reduce((sum, { entity, values }) => sum + entity.length + 200 + 100 * values.length, 0);
}

function bytesOfFacets(facets: Record<string, FacetValue[]>): number {
  const counted = Object.values(facets).flat();
  return counted.reduce((sum, { value }) => sum + 100 + 2 * value.length, 0);
}

/** A short representation of a condition of any length, for the cache keys of its entities. */
function digest(condition: EntityCondition): string {
  return createHash('sha256').update(JSON.stringify(condition)).digest('base64');
}
