// Notes which entities are to be put together anew.
import type { Knex } from 'knex';
import { listTable } from '../database/valuesTable';

/** Part of the transaction that changed what the entities are made of, so that neither happens without the other. */
export async function queueStitch(tx: Knex, refs: Iterable<string>): Promise<void> {
  // Sorted, so that transactions that queue the same entities wait for each other instead of deadlocking.
  const sorted = [...new Set(refs)].sort();
  if (sorted.length === 0) return;
  await tx.raw(
    // What is in the queue already is kept from being taken before this transaction can be seen.
    'INSERT INTO catalog_stitch_queue (entity_ref) SELECT ref FROM ? WHERE true ORDER BY ref ON CONFLICT (entity_ref) DO UPDATE SET entity_ref = excluded.entity_ref',
    [listTable(tx, 'queued', { ref: 'text' }, sorted)],
  );
}
