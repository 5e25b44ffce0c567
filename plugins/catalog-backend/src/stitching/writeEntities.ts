// Writes entities to the tables that they are served from.
import type { Knex } from 'knex';
import { batches } from '../database/batches';
import { removeRowsOf, replaceRows } from '../database/replaceRows';
import { listTable, recordsTable } from '../database/valuesTable';
import type { SearchRow } from './searchRows';

export interface WrittenEntity {
  readonly id: number;
  readonly uid: string;
  readonly ref: string;
  readonly etag: string;
  readonly json: string;
  readonly search: readonly SearchRow[];
}

/** The rows of the search index: one per value of a key. */
const SEARCH = {
  table: 'catalog_search',
  columns: { entity_id: 'integer', key: 'text', value: 'text', original: 'text', position: 'integer' },
  key: ['entity_id', 'key', 'value'],
} as const;

/**
 * `served` contains the ids under which these entities, and the removed ones, have been served so far; `removed`
 * contains the references of the removed ones.
 */
export async function writeEntities(
  tx: Knex,
  entities: readonly WrittenEntity[],
  served: readonly number[],
  removed: readonly string[],
): Promise<void> {
  // An entity that was removed and has come back has a new id under the same reference.
  const refs = [...removed, ...entities.map(({ ref }) => ref)];
  if (refs.length === 0) return;
  const gone = listTable(tx, 'gone', { ref: 'text' }, refs);
  await tx.raw('DELETE FROM catalog_entities WHERE entity_ref IN (SELECT ref FROM ?)', [gone]);
  const columns = { id: 'integer', uid: 'text', ref: 'text', etag: 'text', json: 'text' } as const;
  for (const batch of batches(entities, entities.length, ({ json }) => json.length)) {
    await tx.raw(
      'INSERT INTO catalog_entities (id, uid, entity_ref, etag, entity) SELECT id, uid, ref, etag, json FROM ?',
      [recordsTable(tx, 'given', columns, batch)],
    );
  }
  const rows = entities.flatMap(({ id, search }) =>
    search.map(({ key, value, original, position }) => [id, key, value, original, position] as const),
  );
  const written = new Set(entities.map(({ id }) => id));
  await removeRowsOf(
    tx,
    SEARCH,
    served.filter(id => !written.has(id)),
  );
  await replaceRows(
    tx,
    SEARCH,
    served.filter(id => written.has(id)),
    rows,
  );
}
