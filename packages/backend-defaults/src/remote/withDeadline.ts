// Waits for a promise no longer than a given time.

/** The error of a deadline that passed. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';

  constructor(milliseconds: number) {
    super(`there was no answer within ${milliseconds} ms`);
  }
}

/** Settles as `promise` does, or rejects with `DeadlinePassed`. */
export function withDeadline<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      // When this process was busy, the answer may lie in the socket: it is read before immediates run.
      setImmediate(() => reject(new DeadlinePassed(milliseconds)));
    }, milliseconds);
    void promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
