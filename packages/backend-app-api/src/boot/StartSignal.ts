// Says that a start is to end early, and why. A class of its own, because every step of every plugin asks it.
import type { EngineErrorCode } from '../errors';

/** Why a start ends early. */
export type AbortReason = Extract<EngineErrorCode, 'GR_START_ABORTED' | 'GR_START_STALLED'>;

/** The signal of one start. Aborted at most once; the first reason stays. */
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

  /** Calls `listener` when the signal is aborted; returns the function that takes it away again. */
  onAbort(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
