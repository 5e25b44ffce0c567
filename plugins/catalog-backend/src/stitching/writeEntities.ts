// Writes entities to where they are served from.
import type { Knex } from 'knex';
import { listTable, recordsTable, valuesTable } from '../database/valuesTable';
import type { SearchRow } from './searchRows';

export interface WrittenEntity {
  readonly id: number;
  readonly uid: string;
  readonly ref: string;
  readonly etag: string;
  readonly json: string;
  readonly search: readonly SearchRow[];
}

/** One parameter with more rows takes more memory than it saves time. */
const SEARCH_BATCH = 5_000;

/** `obsolete` are the ids whose search rows have to go, `removed` the references that are no longer served. */
export async function writeEntities(
  tx: Knex,
  entities: readonly WrittenEntity[],
  obsolete: readonly number[],
  removed: readonly string[],
): Promise<void> {
  if (obsolete.length > 0) {
    const ids = listTable(tx, 'gone', { id: 'integer' }, obsolete);
    await tx.raw('DELETE FROM catalog_search WHERE entity_id IN (SELECT id FROM ?)', [ids]);
  }
  // An entity that was removed and came back has another id under the same reference.
  const refs = [...removed, ...entities.map(({ ref }) => ref)];
  if (refs.length > 0) {
    const gone = listTable(tx, 'gone', { ref: 'text' }, refs);
    await tx.raw('DELETE FROM catalog_entities WHERE entity_ref IN (SELECT ref FROM ?)', [gone]);
  }
  if (entities.length === 0) return;
  const columns = { id: 'integer', uid: 'text', ref: 'text', etag: 'text', json: 'text' } as const;
  await tx.raw(
    'INSERT INTO catalog_entities (id, uid, entity_ref, etag, entity) SELECT id, uid, ref, etag, json FROM ?',
    [recordsTable(tx, 'given', columns, entities)],
  );
  await insertSearchRows(tx, entities);
}

async function insertSearchRows(tx: Knex, entities: readonly WrittenEntity[]): Promise<void> {
  const rows = entities.flatMap(({ id, search }) =>
    search.map(({ key, value, original, position }) => [key, value, id, original, position]),
  );
  const columns = {
    key: 'text',
    value: 'text',
    id: 'integer',
    original: 'text',
    position: 'integer',
  } as const;
  for (let start = 0; start < rows.length; start += SEARCH_BATCH) {
    const batch = valuesTable(tx, 'given', columns, rows.slice(start, start + SEARCH_BATCH));
    await tx.raw(
      `INSERT INTO catalog_search (key, value, entity_id, original, position)
       SELECT key, value, id, original, position FROM ?`,
      [batch],
    );
  }
}
