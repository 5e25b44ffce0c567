// Checks whether there is anything to do, with one statement that neither locks nor writes.
import type { Knex } from 'knex';
import { databaseNow } from '../database/databaseNow';
import { rowsOf } from '../database/valuesTable';

/** The result of a check. */
export interface Work {
  /** Milliseconds until the next entity is due; 0 or less if one is due, infinite if there are no entities. */
  readonly dueInMs: number;
  /** Whether entities are queued for stitching. */
  readonly isQueued: boolean;
}

/** Both parts only read the first entry of an index, however many entities there are. */
export async function findWork(knex: Knex): Promise<Work> {
  const result = await knex.raw(
    `SELECT (SELECT min(due_at) FROM catalog_refresh_state) - ? AS due_in,
       EXISTS (SELECT 1 FROM catalog_stitch_queue) AS queued`,
    [databaseNow(knex)],
  );
  const [row] = rowsOf<{ due_in: number | string | null; queued: boolean | number }>(result);
  return { dueInMs: Number(row?.due_in ?? Infinity), isQueued: Boolean(row?.queued) };
}
