// Runs a transaction that holds nobody up: it begins anew after a deadlock, and ends if its instance stands still in it.
import type { Knex } from 'knex';
import { isPostgres } from './valuesTable';

/** @param work - all of the transaction, which waits for nothing but its own queries and may run more than once */
export function inTransaction<T>(knex: Knex, work: (tx: Knex) => Promise<T>): Promise<T> {
  return retryDeadlocks(() =>
    knex.transaction(async tx => {
      // Others would wait for the locks of an instance that is suspended, or has vanished, for as long as its connection seems alive.
      if (isPostgres(tx)) await tx.raw(`SET LOCAL idle_in_transaction_session_timeout = '60s'`);
      return work(tx);
    }),
  );
}

const attempts = 5;
/** Deadlocks, and transactions that can't be put into an order: all of the work was rolled back. */
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
