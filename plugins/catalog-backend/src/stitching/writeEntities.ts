// Writes entities to where they are served from.
import type { Knex } from 'knex';
import { batches } from '../database/batches';
import { valuesTable } from '../database/valuesTable';
import type { SearchRow } from './searchRows';

/** An entity with everything that is stored of it. */
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
    const ids = valuesTable(
      tx,
      'gone',
      { id: 'integer' },
      obsolete.map(id => [id]),
    );
    await tx.raw('DELETE FROM catalog_search WHERE entity_id IN (SELECT id FROM ?)', [ids]);
  }
  // An entity that was removed and came back has another id under the same reference.
  const refs = [...removed, ...entities.map(({ ref }) => ref)];
  if (refs.length > 0) {
    const gone = valuesTable(
      tx,
      'gone',
      { ref: 'text' },
      refs.map(ref => [ref]),
    );
    await tx.raw('DELETE FROM catalog_entities WHERE entity_ref IN (SELECT ref FROM ?)', [gone]);
  }
  if (entities.length === 0) return;
  const columns = { id: 'integer', uid: 'text', entity_ref: 'text', etag: 'text', entity: 'text' } as const;
  const rows = entities.map(({ id, uid, ref, etag, json }) => [id, uid, ref, etag, json]);
  const names = Object.keys(columns).join(', ');
  await tx.raw(`INSERT INTO catalog_entities (${names}) SELECT ${names} FROM ?`, [
    valuesTable(tx, 'given', columns, rows),
  ]);
  await insertSearchRows(tx, entities);
}

async function insertSearchRows(tx: Knex, entities: readonly WrittenEntity[]): Promise<void> {
  const rows = entities.flatMap(({ id, search }) =>
    search.map(({ key, value, original, position }) => [key, value, id, original, position]),
  );
  const columns = {
    key: 'text',
    value: 'text',
    entity_id: 'integer',
    original: 'text',
    position: 'integer',
  } as const;
  const names = Object.keys(columns).join(', ');
  for (const batch of batches(rows, SEARCH_BATCH)) {
    await tx.raw(`INSERT INTO catalog_search (${names}) SELECT ${names} FROM ?`, [
      valuesTable(tx, 'given', columns, batch),
    ]);
  }
}
