// Makes the stored refresh keys of processed entities equal to what processing gave.
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { rowsOf, valuesTable } from '../database/valuesTable';

/** An index of PostgreSQL takes no longer ones. */
const MAX_LENGTH = 1_000;

/** What stands in the database for a key. */
export function storedRefreshKey(key: string): string {
  return key.length <= MAX_LENGTH ? key : `sha1:${createHash('sha1').update(key).digest('hex')}`;
}

/** Writes differences only. */
export async function replaceRefreshKeys(
  tx: Knex,
  entities: ReadonlyArray<{ readonly id: number; readonly refreshKeys: readonly string[] }>,
): Promise<void> {
  const stored = rowsOf<{ key: string; entity_id: number }>(
    await tx.raw('SELECT k.* FROM ? JOIN catalog_refresh_keys k ON k.entity_id = given.id', [
      valuesTable(
        tx,
        'given',
        { id: 'integer' },
        entities.map(({ id }) => [id]),
      ),
    ]),
  );
  const missing = new Map<string, [string, number]>();
  for (const { id, refreshKeys } of entities) {
    for (const key of refreshKeys.map(storedRefreshKey)) missing.set(`${id} ${key}`, [key, id]);
  }
  const obsolete = stored
    .filter(({ key, entity_id }) => !missing.delete(`${entity_id} ${key}`))
    .map(({ key, entity_id }): [string, number] => [key, entity_id]);
  const columns = { key: 'text', entity_id: 'integer' } as const;
  if (missing.size > 0) {
    await tx.raw(
      'INSERT INTO catalog_refresh_keys (key, entity_id) SELECT key, entity_id FROM ? WHERE true ON CONFLICT DO NOTHING',
      [valuesTable(tx, 'given', columns, [...missing.values()])],
    );
  }
  if (obsolete.length > 0) {
    await tx.raw(
      'DELETE FROM catalog_refresh_keys WHERE (key, entity_id) IN (SELECT key, entity_id FROM ?)',
      [valuesTable(tx, 'given', columns, obsolete)],
    );
  }
}
