// Writes the rows by which entities are found. Of the thousands that an entity with thousands of relations has, a change concerns few: no others are written.
import type { Knex } from 'knex';
import { batches } from '../database/batches';
import { rowsOf, valuesTable } from '../database/valuesTable';
import type { SearchRow } from './searchRows';

/** One parameter with more rows takes more memory than it saves time. */
const BATCH = 5_000;
const identity = { entity_id: 'integer', key: 'text', value: 'text' } as const;
const columns = { ...identity, original: 'text', position: 'integer' } as const;
const names = Object.keys(columns).join(', ');

/** In the order of the columns. */
type Row = [entityId: number, key: string, value: string, original: string | null, position: number];

/** `served` are the ids of which there may be rows; what is not in `entities` loses them all. */
export async function writeSearchRows(
  tx: Knex,
  entities: ReadonlyArray<{ readonly id: number; readonly search: readonly SearchRow[] }>,
  served: readonly number[],
): Promise<void> {
  const written = new Set(entities.map(({ id }) => id));
  await deleteAll(
    tx,
    served.filter(id => !written.has(id)),
  );
  const known = new Set(served.filter(id => written.has(id)));
  const stored = await readRows(tx, [...known]);
  const missing: Row[] = [];
  for (const { id, search } of entities) {
    for (const { key, value, original, position } of search) {
      const row: Row = [id, key, value, original, position];
      if (!known.has(id) || !stored.delete(JSON.stringify(row))) missing.push(row);
    }
  }
  for (const batch of batches([...stored.values()], BATCH)) {
    const gone = batch.map(row => row.slice(0, 3));
    await tx.raw(
      'DELETE FROM catalog_search WHERE (entity_id, key, value) IN (SELECT entity_id, key, value FROM ?)',
      [valuesTable(tx, 'gone', identity, gone)],
    );
  }
  for (const batch of batches(missing, BATCH)) {
    await tx.raw(`INSERT INTO catalog_search (${names}) SELECT ${names} FROM ?`, [
      valuesTable(tx, 'given', columns, batch),
    ]);
  }
}

async function deleteAll(tx: Knex, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.raw('DELETE FROM catalog_search WHERE entity_id IN (SELECT id FROM ?)', [idTable(tx, ids)]);
}

/** By their text. */
async function readRows(tx: Knex, ids: readonly number[]): Promise<Map<string, Row>> {
  if (ids.length === 0) return new Map();
  const rows = rowsOf<Record<keyof typeof columns, string | number | null>>(
    await tx.raw(`SELECT ${names} FROM ? JOIN catalog_search s ON s.entity_id = given.id`, [
      idTable(tx, ids),
    ]),
  );
  return new Map(
    rows.map(({ entity_id, key, value, original, position }) => {
      const row = [entity_id, key, value, original, position] as Row;
      return [JSON.stringify(row), row];
    }),
  );
}

function idTable(tx: Knex, ids: readonly number[]): Knex.Raw {
  return valuesTable(
    tx,
    'given',
    { id: 'integer' },
    ids.map(id => [id]),
  );
}
