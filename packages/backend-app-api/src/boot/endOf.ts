// Waits for work, at most until a deadline or until the start is to end early; the work itself can't be taken back.
import type { EngineErrorCode } from '../errors';

/** The most a timer takes; beyond it Node would fire at once. About 25 days, which is as good as for ever. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** Why a start ends early. */
export type AbortReason = Extract<EngineErrorCode, 'GR_START_ABORTED' | 'GR_START_STALLED'>;

/**
 * The signal of one start that is to end early. Aborted at most once; the first reason stays. A class of its own,
 * because every step of every plugin asks it.
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

  /** Calls `listener` when the signal is aborted, at once where it is; returns the function that takes it away again. */
  onAbort(listener: () => void): () => void {
    if (this.aborted) listener();
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/**
 * Says what came first: the work, the abort of `signal`, or the deadline of `ms` milliseconds. Rejects where the work
 * does before anything else. A deadline that `holds` keeps the process alive: where nothing else is left to do, a start
 * that waits is stuck, but a stop must get to its end.
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
    if (ms === undefined || signal?.aborted) return;
    timer = setTimeout(() => resolve('late'), Math.min(ms, LONGEST_TIMER));
    if (!holds) timer.unref();
  });
  return first.finally(() => {
    clearTimeout(timer);
    stopListening();
  });
}
