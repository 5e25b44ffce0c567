// Lets a step of the start end early when the start is aborted, whatever the step still waits for.
import { EngineError } from '../errors';
import type { AbortReason, StartSignal } from './StartSignal';
import type { StartupReport } from './StartupReport';
import { withDeadline } from './withDeadline';

/**
 * Does `work`, unless the signal is aborted already. Resolves when it does, as soon as the signal is aborted, or after
 * `timeoutMs`; in the last two cases with a problem in the report.
 */
export async function orAborted(
  work: () => Promise<void>,
  { signal, report, timeoutMs }: { signal: StartSignal; report: StartupReport; timeoutMs?: number },
): Promise<void> {
  const subject = 'the backend';
  const waitsFor = () => report.openWithin(report.whole);
  const tooLate = (ms: number) =>
    new EngineError('GR_START_TIMEOUT', { subject, timeoutMs: ms, waitsFor: waitsFor() });
  const limited = () =>
    timeoutMs === undefined ? work() : withDeadline(work(), timeoutMs, () => tooLate(timeoutMs));
  try {
    if (!signal.aborted && (await endsFirst(limited(), signal))) return;
    const error = abortError(subject, signal.reason, waitsFor);
    if (!report.problems.some(problem => problem.code === error.code)) report.problems.push(error);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    report.problems.push(error);
  }
}

/** True if `work` resolved, false if the signal was aborted before. */
export async function endsFirst(work: Promise<void>, signal: StartSignal): Promise<boolean> {
  if (signal.aborted) {
    void work.catch(() => {});
    return false;
  }
  let stopListening = () => {};
  const aborted = new Promise<boolean>(resolve => {
    stopListening = signal.onAbort(() => resolve(false));
  });
  try {
    return await Promise.race([work.then(() => true), aborted]);
  } finally {
    stopListening();
  }
}

/** Words why a subject was not started. */
export function abortError(
  subject: string,
  reason?: AbortReason,
  waitsFor: () => readonly string[] = () => [],
): EngineError {
  return reason === 'GR_START_STALLED'
    ? new EngineError(reason, { subject, waitsFor: waitsFor() })
    : new EngineError('GR_START_ABORTED', { subject });
}
