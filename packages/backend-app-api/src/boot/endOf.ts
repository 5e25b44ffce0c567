// Waits for work, at most until a deadline or an abort; the work itself can't be taken back.
import type { StartSignal } from './StartSignal';

/** The most a timer takes; beyond it Node would fire at once. About 25 days, which is as good as for ever. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** What may end the waiting before the work is done. */
export interface WaitLimits {
  readonly signal?: StartSignal;
  /** A deadline in milliseconds. */
  readonly ms?: number;
  /**
   * Whether the deadline keeps the process alive. Where nothing else is left to do, a start that waits is stuck, but a
   * stop must get to its end.
   */
  readonly holds?: boolean;
}

/** Says what came first. Rejects where the work does before anything else. */
export function endOf(
  work: Promise<unknown>,
  { signal, ms, holds = false }: WaitLimits,
): Promise<'done' | 'aborted' | 'late'> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let stopListening = () => {};
    const settle = (tell: () => void) => {
      clearTimeout(timer);
      stopListening();
      tell();
    };
    work.then(
      () => settle(() => resolve('done')),
      (error: Error) => settle(() => reject(error)),
    );
    if (signal?.aborted) return resolve('aborted');
    if (signal) stopListening = signal.onAbort(() => settle(() => resolve('aborted')));
    if (ms !== undefined) {
      timer = setTimeout(() => settle(() => resolve('late')), Math.min(ms, LONGEST_TIMER));
      if (!holds) timer.unref();
    }
  });
}
