// Runs transactions that do not block other instances: retries deadlocks, and aborts if the instance is suspended meanwhile.
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';

/**
 * Without the limit, others would wait for the locks of a suspended or vanished instance until its connection is closed.
 * Compiling a recursive statement takes longer than anything that these statements do.
 */
const SETTINGS = `SET LOCAL idle_in_transaction_session_timeout = '60s'; SET LOCAL jit = off`;

/** @param work - the whole transaction, which must wait for nothing but its own queries and may run more than once */
export function inTransaction<T>(knex: Knex, work: (tx: Knex) => Promise<T>): Promise<T> {
  return retryDeadlocks(() =>
    knex.transaction(async tx => {
      if (isPostgres(tx)) await tx.raw(SETTINGS);
      return work(tx);
    }),
  );
}

const attempts = 5;
/** Deadlocks and serialization failures, after which everything has been rolled back. */
const rolledBack = ['40P01', '40001'];

/** @param work - a statement or a whole transaction, which may run more than once */
export async function retryDeadlocks<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (attempt === attempts || !rolledBack.includes(code)) throw error;
    }
  }
}
