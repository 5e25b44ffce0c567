// Turns whatever kept a plugin, a module or the backend from starting into the one error that the report carries.
import { addedAt, askable, EngineError, reasonOf, subject as word } from '../errors';
import type { Consumer } from '../services/ServiceNode';
import { ServiceFailure } from '../services/ServiceScope';
import type { Part } from './Part';
import { endOf, type AbortReason, type StartSignal } from './endOf';
import type { StartupReport } from './StartupReport';

/** The error for the entry of `owner`; `code` says where something was thrown that is no error of the engine. */
export function failureOf(
  owner: Consumer,
  code: 'GR_INIT_FAILED' | 'GR_STARTUP_HOOK_FAILED',
  cause: unknown,
): EngineError {
  const thrown = askable(cause);
  if (thrown instanceof ServiceFailure) return serviceError(owner.subject, thrown);
  if (thrown instanceof EngineError) return thrown;
  const fields = { subject: owner.subject, reason: reasonOf(thrown) };
  return new EngineError(code, fields, { ...addedAt(owner), cause: thrown });
}

/** A service that could not be made, with the whole path from its consumer. */
export function serviceError(subject: string, { ids, cause, message }: ServiceFailure): EngineError {
  const path = [subject, ...ids.map(id => word('service', id))];
  return new EngineError('GR_SERVICE_FAILED', { subject, id: ids.at(-1)!, reason: message }, { path, cause });
}

/** Whether one of the problems tells of this failure already; that of a feature loader has it behind its own. */
function isTold(problems: readonly EngineError[], failure: ServiceFailure): boolean {
  // A thrown string says nothing of whether it is the same failure.
  if (!(failure.cause instanceof Object)) return false;
  return problems.some(
    ({ cause }) => cause === failure.cause || (cause instanceof EngineError && cause.cause === failure.cause),
  );
}

/** One problem as it is, several as one error that lists them. */
export function wiringError({ subject, problems }: Pick<Part, 'subject' | 'problems'>): EngineError {
  return problems.length === 1 ? problems[0]! : new EngineError('GR_WIRING_INVALID', { subject, problems });
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

/**
 * Does a step of the start, unless the signal is aborted already. Resolves with what `work` gives, or with nothing as
 * soon as it fails, the signal is aborted, or after `timeoutMs`; then with a problem in the report, whatever the step
 * still waits for.
 */
export async function orAborted<T>(
  work: () => Promise<T>,
  { signal, report, timeoutMs: ms }: { signal: StartSignal; report: StartupReport; timeoutMs?: number },
): Promise<T | undefined> {
  const subject = 'the backend';
  try {
    const pending = signal.aborted ? undefined : work();
    const end = pending ? await endOf(pending, { signal, ms }) : 'aborted';
    if (end === 'done') return await pending;
    const waitsFor = report.openWithin(report.whole);
    const error =
      end === 'late'
        ? new EngineError('GR_START_TIMEOUT', { subject, timeoutMs: ms!, waitsFor })
        : abortError(subject, signal.reason, () => waitsFor);
    if (!report.problems.some(({ code }) => code === error.code)) report.problems.push(error);
  } catch (error) {
    if (error instanceof EngineError) report.problems.push(error);
    else if (!(error instanceof ServiceFailure)) throw error;
    else if (!isTold(report.problems, error)) report.problems.push(serviceError(subject, error));
  }
  return undefined;
}
