// Limits the time that a promise is waited for.
import { longestTimer } from '../config/readDuration';

/** Thrown when a deadline has passed. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';

  constructor(milliseconds: number) {
    super(`there was no answer within ${milliseconds} ms`);
  }
}

/** Settles like `promise`, or rejects with `DeadlinePassed` after the given time. */
export function withDeadline<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const onLate = () => {
      // If this process was busy, the answer may already be in the socket, which is read before immediates run.
      setImmediate(() => reject(new DeadlinePassed(milliseconds)));
    };
    const timer = setTimeout(onLate, Math.min(milliseconds, longestTimer));
    void promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
