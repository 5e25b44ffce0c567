// Writes entities to where they are served from.
import type { Knex } from 'knex';
import { valuesTable } from '../database/valuesTable';
import type { SearchRow } from './searchRows';
import { writeSearchRows } from './writeSearchRows';

/** An entity with everything that is stored of it. */
export interface WrittenEntity {
  readonly id: number;
  readonly uid: string;
  readonly ref: string;
  readonly etag: string;
  readonly json: string;
  readonly search: readonly SearchRow[];
}

/**
 * `served` are the ids under which these entities were served up to now, and those of the ones that go; `removed` the
 * references of the latter.
 */
export async function writeEntities(
  tx: Knex,
  entities: readonly WrittenEntity[],
  served: readonly number[],
  removed: readonly string[],
): Promise<void> {
  // An entity that was removed and came back has another id under the same reference.
  const refs = [...removed, ...entities.map(({ ref }) => ref)];
  if (refs.length === 0) return;
  const gone = valuesTable(
    tx,
    'gone',
    { ref: 'text' },
    refs.map(ref => [ref]),
  );
  await tx.raw('DELETE FROM catalog_entities WHERE entity_ref IN (SELECT ref FROM ?)', [gone]);
  const columns = { id: 'integer', uid: 'text', entity_ref: 'text', etag: 'text', entity: 'text' } as const;
  const rows = entities.map(({ id, uid, ref, etag, json }) => [id, uid, ref, etag, json]);
  const names = Object.keys(columns).join(', ');
  await tx.raw(`INSERT INTO catalog_entities (${names}) SELECT ${names} FROM ?`, [
    valuesTable(tx, 'given', columns, rows),
  ]);
  await writeSearchRows(tx, entities, served);
}
