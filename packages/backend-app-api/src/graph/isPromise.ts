// Distinguishes promises from plain values, so that plain values are never awaited.

/** True for anything that `await` would wait for. */
export function isPromise<T>(value: T | PromiseLike<T>): value is Promise<T> & PromiseLike<T> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
