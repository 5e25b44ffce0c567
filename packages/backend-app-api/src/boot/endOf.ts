// Waits for work until a deadline or an abort. The work itself can't be cancelled.
import type { EngineErrorCode } from '../errors';

/** The longest delay of a timer; Node fires at once for anything longer. About 25 days, which is as good as forever. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** Why a start ends early. */
export type AbortReason = Extract<EngineErrorCode, 'GR_START_ABORTED' | 'GR_START_STALLED'>;

/**
 * Signals that a start is to end early. Aborted at most once; the first reason stays. Not an `AbortSignal`, because
 * every step of every plugin checks it.
 */
export class StartSignal {
  readonly #listeners = new Set<() => void>();
  aborted = false;
  reason: AbortReason | undefined = undefined;

  abort(reason: AbortReason): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` on abort, or at once if already aborted. Returns a function that removes it. */
  onAbort(listener: () => void): () => void {
    if (this.aborted) listener();
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/**
 * Resolves with whichever comes first: the work, the abort of `signal`, or the deadline after `ms` milliseconds.
 * Rejects if the work rejects first. A deadline that `holds` keeps the process alive: a start with nothing left to do
 * is stuck, but a stop must run to its end.
 */
export function endOf(
  work: Promise<unknown>,
  { signal, ms, holds }: { signal?: StartSignal; ms?: number; holds?: boolean },
): Promise<'done' | 'aborted' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  let stopListening = () => {};
  const first = new Promise<'done' | 'aborted' | 'late'>((resolve, reject) => {
    work.then(() => resolve('done'), reject);
    if (signal) stopListening = signal.onAbort(() => resolve('aborted'));
    if (ms === undefined) return;
    timer = setTimeout(() => resolve('late'), Math.min(ms, LONGEST_TIMER));
    if (!holds) timer.unref();
  });
  return first.finally(() => {
    clearTimeout(timer);
    stopListening();
  });
}
