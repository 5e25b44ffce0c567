// Tells whether there is anything to do, with one statement that locks nothing and writes nothing.
import type { Knex } from 'knex';
import { databaseNow } from '../database/databaseNow';
import { rowsOf } from '../database/valuesTable';

/** What a look at the database showed. */
export interface Work {
  /** Milliseconds until the next entity is due, not above 0 where one is; infinite where there is none. */
  readonly dueInMs: number;
  /** Whether entities are queued to be stitched. */
  readonly isQueued: boolean;
}

/** Both by the ends of indexes, however many entities there are. */
export async function findWork(knex: Knex): Promise<Work> {
  const result = await knex.raw(
    `SELECT (SELECT min(due_at) FROM catalog_refresh_state) - ? AS due_in,
       EXISTS (SELECT 1 FROM catalog_stitch_queue) AS queued`,
    [databaseNow(knex)],
  );
  const [row] = rowsOf<{ due_in: number | string | null; queued: boolean | number }>(result);
  return { dueInMs: Number(row?.due_in ?? Infinity), isQueued: Boolean(row?.queued) };
}
