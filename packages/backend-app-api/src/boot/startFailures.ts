// Turns whatever prevented a start into the one error that the report carries.
import { addedAt, askable, EngineError, reasonOf, subject as word } from '../errors';
import type { Consumer } from '../services/ServiceNode';
import { ServiceFailure } from '../services/ServiceScope';
import type { Part } from './Part';
import { endOf, type AbortReason } from './endOf';
import { theBackend } from './planBackend';
import type { BootContext } from './StartContext';

/** The error for the entry of `owner`. `code` tells where a foreign error was thrown. */
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

/** The error for a service that could not be made, with the whole path from its consumer. */
export function serviceError(subject: string, { ids, cause, message }: ServiceFailure): EngineError {
  const path = [subject, ...ids.map(id => word('service', id))];
  return new EngineError('GR_SERVICE_FAILED', { subject, id: ids.at(-1)!, reason: message }, { path, cause });
}

/** Whether a problem already covers this failure. The problem of a feature loader has it as its cause. */
function isTold(problems: readonly EngineError[], failure: ServiceFailure): boolean {
  // Equal primitives need not be the same failure.
  if (!(failure.cause instanceof Object)) return false;
  return problems.some(
    ({ cause }) => cause === failure.cause || (cause instanceof EngineError && cause.cause === failure.cause),
  );
}

/** A single problem stays as it is; several become one error that lists them. */
export function wiringError({ subject, problems }: Pick<Part, 'subject' | 'problems'>): EngineError {
  return problems.length === 1 ? problems[0]! : new EngineError('GR_WIRING_INVALID', { subject, problems });
}

/** The error for a part that was not started. */
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
 * Runs a step of the start, unless the signal is already aborted. Resolves with the result of `work`, or with
 * undefined if it fails, is aborted, or takes longer than the policy allows; the report then has a problem. Work that
 * is given up goes on in the background.
 */
export async function orAborted<T>(
  work: () => Promise<T>,
  { signal, report, policy }: Pick<BootContext, 'signal' | 'report' | 'policy'>,
): Promise<T | undefined> {
  const { subject } = theBackend;
  const ms = policy.timeoutMs();
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
