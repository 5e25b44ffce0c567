// Begins anew what PostgreSQL ended because it and others waited for each other.

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
