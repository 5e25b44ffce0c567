// Schedules entities for immediate processing.
import type { Knex } from 'knex';
import { databaseNow } from '../database/databaseNow';
import { retryDeadlocks } from '../database/inTransaction';
import { listTable, rowsOf } from '../database/valuesTable';
import { storableRefreshKey } from './storable';

/** Schedules all entities that have one of the keys. */
export async function refreshByKeys(knex: Knex, keys: readonly string[]): Promise<void> {
  const given = listTable(knex, 'given', { key: 'text' }, keys.map(storableRefreshKey));
  await retryDeadlocks(async () =>
    knex.raw(
      `UPDATE catalog_refresh_state SET due_at = ?, claimed_until = NULL WHERE id IN (
         SELECT k.entity_id FROM ? JOIN catalog_refresh_keys k ON k.key = given.key
       )`,
      [databaseNow(knex), given],
    ),
  );
}

/**
 * Schedules the entity and all Locations on the way to it, because that is where its documents are read.
 *
 * @returns Whether the entity exists
 */
export async function refreshEntity(knex: Knex, ref: string): Promise<boolean> {
  const result = await retryDeadlocks(async () =>
    knex.raw(
      `WITH RECURSIVE way (ref) AS (
         SELECT entity_ref FROM catalog_refresh_state WHERE entity_ref = ?
         UNION
         SELECT substr(r.source, 8) FROM way
         JOIN catalog_references r ON r.target_ref = way.ref AND r.source LIKE 'entity:%'
       )
       UPDATE catalog_refresh_state SET due_at = ?, claimed_until = NULL
       WHERE entity_ref IN (SELECT ref FROM way) AND (entity_ref = ? OR entity_ref LIKE 'location:%')
       RETURNING id`,
      [ref, databaseNow(knex), ref],
    ),
  );
  return rowsOf(result).length > 0;
}

/** Schedules what may have changed while the process was not running. */
export async function refreshAtStart(knex: Knex, fingerprint: string, onlyInstance: boolean): Promise<void> {
  if (onlyInstance) {
    // The instance that claimed these no longer exists.
    await knex('catalog_refresh_state')
      .whereNotNull('claim')
      .update({ claim: null, claimed_until: null, due_at: databaseNow(knex) });
  }
  await refreshOutdated(knex, fingerprint);
  await scheduleUnclaimed(knex, files =>
    files.where('location_key', 'like', 'file:%').andWhere('entity_ref', 'like', 'location:%'),
  );
}

/** Schedules what another pipeline has processed. */
export function refreshOutdated(knex: Knex, fingerprint: string): Promise<void> {
  return scheduleUnclaimed(knex, outdated => outdated.whereNot('pipeline', fingerprint));
}

async function scheduleUnclaimed(knex: Knex, which: (builder: Knex.QueryBuilder) => unknown): Promise<void> {
  const now = databaseNow(knex);
  await retryDeadlocks(async () =>
    knex('catalog_refresh_state')
      .whereNull('claim')
      .andWhere('due_at', '>', now)
      .andWhere(builder => void which(builder))
      .update({ due_at: now }),
  );
}
