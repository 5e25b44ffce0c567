// Lets a step of the start end early when the start is aborted, whatever the step still waits for.
import { EngineError } from '../errors';
import { endOf } from './endOf';
import { abortError } from './startFailures';
import type { StartSignal } from './StartSignal';
import type { StartupReport } from './StartupReport';

/**
 * Does `work`, unless the signal is aborted already. Resolves when it does, as soon as the signal is aborted, or after
 * `timeoutMs`; in the last two cases with a problem in the report.
 */
export async function orAborted(
  work: () => Promise<void>,
  { signal, report, timeoutMs: ms }: { signal: StartSignal; report: StartupReport; timeoutMs?: number },
): Promise<void> {
  const subject = 'the backend';
  const waitsFor = () => report.openWithin(report.whole);
  try {
    const end = signal.aborted ? 'aborted' : await endOf(work(), { signal, ms });
    if (end === 'late') {
      const fields = { subject, timeoutMs: ms!, waitsFor: waitsFor() };
      report.problems.push(new EngineError('GR_START_TIMEOUT', fields));
    } else if (end === 'aborted') {
      const error = abortError(subject, signal.reason, waitsFor);
      if (!report.problems.some(({ code }) => code === error.code)) report.problems.push(error);
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    report.problems.push(error);
  }
}
