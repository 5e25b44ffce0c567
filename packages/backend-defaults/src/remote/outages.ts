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
  return someCause(error, at => outages.has(at));
}

/** As {@link isOutage}, or whether another backend gave no answer, or only that it can't serve at the moment. */
export function isOutOfReach(error: unknown): boolean {
  return isOutage(error) || someCause(error, isUnanswered);
}

/** What may have been carried out nevertheless must not look as if it could be sent again. */
function isUnanswered(error: { name?: unknown; statusCode?: unknown; code?: unknown; mayBeDone?: unknown }) {
  return error.name === 'ResponseError'
    ? [502, 503, 504].includes(error.statusCode as number)
    : error.code === 'GR_REQUEST_UNANSWERED' && error.mayBeDone === false;
}

function someCause(error: unknown, is: (at: object) => boolean): boolean {
  let at = error;
  for (let depth = 0; depth < deepest && typeof at === 'object' && at !== null; depth++) {
    if (is(at)) return true;
    at = (at as { cause?: unknown }).cause;
  }
  return false;
}
