// Queues entities for stitching.
import type { Knex } from 'knex';
import { listTable } from '../database/valuesTable';

/** Must be part of the transaction that changes what the entities are made of. */
export async function queueStitch(tx: Knex, refs: Iterable<string>): Promise<void> {
  // Sorted, so that transactions that queue the same entities wait for each other instead of deadlocking.
  const sorted = [...new Set(refs)].sort();
  if (sorted.length === 0) return;
  await tx.raw(
    // The update locks entries that are already queued, so that nobody takes them before this transaction is visible.
    'INSERT INTO catalog_stitch_queue (entity_ref) SELECT ref FROM ? WHERE true ORDER BY ref ON CONFLICT (entity_ref) DO UPDATE SET entity_ref = excluded.entity_ref',
    [listTable(tx, 'queued', { ref: 'text' }, sorted)],
  );
}
