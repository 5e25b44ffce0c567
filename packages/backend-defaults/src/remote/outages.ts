// Knows errors that say that something a request needs is out of reach for a while, be it their own cause or a deeper one.

const outages = new WeakSet<object>();
const deepest = 10;

/** Lets requests that fail with this error, or with one that it is the cause of, be answered with 503. */
export function markOutage<T extends object>(error: T): T {
  outages.add(error);
  return error;
}

/** Whether an error, or one that caused it, has been marked. */
export function isOutage(error: unknown): boolean {
  let at = error;
  for (let depth = 0; depth < deepest && typeof at === 'object' && at !== null; depth++) {
    if (outages.has(at)) return true;
    at = (at as { cause?: unknown }).cause;
  }
  return false;
}
