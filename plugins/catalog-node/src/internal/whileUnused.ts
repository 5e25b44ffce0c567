// Changes tables that others use at the same time.
import { setTimeout as sleep } from 'node:timers/promises';
import { isPostgres, type Knex } from './isPostgres';

const PAUSE_MS = 2_000;
/** The lock was not to be had in time, or only by ending as a deadlock. */
const TAKEN = ['55P03', '40P01'];

/**
 * Runs the part of a migration that needs a table for itself, in a transaction, or in a part of the given one. On PostgreSQL it waits
 * for others that use the table, such as a backup, for a second at a time, because everybody else waits for it meanwhile.
 */
export async function whileUnused(knex: Knex, change: (tx: Knex) => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      return await knex.transaction(async tx => {
        if (isPostgres(knex)) await tx.raw(`SET LOCAL lock_timeout = '1s'`);
        await change(tx);
      });
    } catch (error) {
      if (!TAKEN.includes((error as { code?: string }).code ?? '')) throw error;
    }
    await sleep(PAUSE_MS);
  }
}
