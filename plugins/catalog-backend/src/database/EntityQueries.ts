// Reads entities from the database.
import type { Knex } from 'knex';

import { batches } from './batches';
import type { EntityFilter } from './EntityFilter';

const BATCH = 500;

/** Which entities to list, and how. */
export interface EntityListQuery {
  readonly filter?: EntityFilter;
  /** Applied one after another; entities without the field come last, and equal ones by reference. */
  readonly order?: ReadonlyArray<{ readonly field: string; readonly order: 'asc' | 'desc' }>;
  readonly offset?: number;
  readonly limit?: number;
}

/** Entities come out as the JSON text that is stored, since most of it goes to a client as it is. */
export class EntityQueries {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Ordered by reference unless the query says otherwise. */
  async list(query: EntityListQuery = {}): Promise<string[]> {
    const statement = this.#knex('catalog_entities').select('entity');
    applyFilter(statement, query.filter);
    for (const { field, order } of query.order ?? []) {
      const value = this.#knex('catalog_search')
        .min('value')
        .where('catalog_search.entity_uid', this.#knex.ref('catalog_entities.uid'))
        .where('key', field.toLowerCase());
      // In words of its own: what knex makes of `nulls: 'last'` for SQLite does not work with a subquery.
      statement.orderByRaw(`(?) ${order === 'desc' ? 'DESC' : 'ASC'} NULLS LAST`, [value]);
    }
    statement.orderBy('entity_ref');
    if (query.limit !== undefined) statement.limit(query.limit);
    if (query.offset !== undefined) statement.offset(query.offset);
    const rows: Array<{ entity: string }> = await statement;
    return rows.map(row => row.entity);
  }

  /** Keyed by reference; references without an entity, or with one that `filter` excludes, are absent. */
  async byRefs(entityRefs: readonly string[], filter?: EntityFilter): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const refs of batches([...new Set(entityRefs)], BATCH)) {
      const statement = this.#knex('catalog_entities')
        .select('entity_ref', 'entity')
        .whereIn('entity_ref', refs);
      applyFilter(statement, filter);
      const rows: Array<{ entity_ref: string; entity: string }> = await statement;
      for (const row of rows) found.set(row.entity_ref, row.entity);
    }
    return found;
  }

  async byUid(uid: string): Promise<string | undefined> {
    const row = await this.#knex('catalog_entities').where({ uid }).first('entity');
    return row?.entity;
  }
}

function applyFilter(statement: Knex.QueryBuilder, filter: EntityFilter | undefined): void {
  if (!filter) return;
  statement.where(anyOf => {
    for (const conditions of filter) {
      anyOf.orWhere(allOf => {
        for (const { key, values } of conditions) {
          allOf.whereIn('catalog_entities.uid', matching => {
            matching.select('entity_uid').from('catalog_search').where({ key });
            if (values) matching.whereIn('value', [...values]);
          });
        }
      });
    }
  });
}
