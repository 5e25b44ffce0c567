// Limits the time that the database may take to answer.
import { pause } from '../pause';

const RETRY_MS = 200;

/** If the other end of a connection has vanished, a query may hang for many minutes. */
export function answered<T>(query: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`The database gave no answer within ${milliseconds} ms`));
    const timer = setTimeout(late, milliseconds).unref();
    query.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Queries again after a failure, because it may be that of a single connection, which was cut. Gives up if aborted. */
export async function answeredOnce<T>(
  query: () => Promise<T>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    try {
      return await answered(query(), Math.round(deadline - performance.now()));
    } catch (error) {
      if (signal.aborted || performance.now() + RETRY_MS > deadline) throw error;
      await pause(RETRY_MS, signal);
    }
  }
}
