// Gives up waiting for a promise after a while; the work itself can't be taken back.

/** The most a timer takes; beyond it Node would fire at once. About 25 days, which is as good as for ever. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Rejects with `late()` after `ms` milliseconds. The timer does not keep the process alive, unless `holds` is set: where
 * nothing else is left to do, a start that waits is stuck, but a stop must get to its end.
 */
export function withDeadline<T>(work: Promise<T>, ms: number, late: () => Error, holds = false): Promise<T> {
  let timer: NodeJS.Timeout;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), Math.min(ms, LONGEST_TIMER));
    if (!holds) timer.unref();
  });
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}
