// Recognises errors that mean that something a request needs is temporarily unavailable, by their cause chains.

const outages = new WeakSet<object>();
const deepest = 10;

/** Marks an error, so that requests that fail with it, or with an error caused by it, are answered with 503. */
export function markOutage<T extends object>(error: T): T {
  outages.add(error);
  return error;
}

/** Whether an error, or one of its causes, has been marked. */
export function isOutage(error: unknown): boolean {
  return someCause(error, at => outages.has(at));
}

/**
 * Like {@link isOutage}, but also true if another backend did not answer, or answered that it is temporarily
 * unavailable.
 */
export function isOutOfReach(error: unknown): boolean {
  return isOutage(error) || someCause(error, isUnanswered);
}

/** A request that may have been carried out must not look safe to repeat. */
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
