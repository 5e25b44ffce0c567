// Turns whatever was thrown while a plugin or module started into the one error that its entry carries.
import { addedAt, EngineError, reasonOf, subject as word } from '../errors';
import type { Consumer } from '../services/ServiceNode';
import { ServiceFailure } from '../services/ServiceRegistry';
import type { Part } from './Part';
import type { AbortReason, StartSignal } from './StartSignal';

/** The error for the entry of `owner`; `code` says where something was thrown that is no error of the engine. */
export function failureOf(
  owner: Consumer,
  code: 'GR_INIT_FAILED' | 'GR_STARTUP_HOOK_FAILED',
  thrown: unknown,
): EngineError {
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
export function isTold(problems: readonly EngineError[], failure: ServiceFailure): boolean {
  return problems.some(
    ({ cause }) => cause === failure.cause || (cause instanceof EngineError && cause.cause === failure.cause),
  );
}

/** One problem as it is, several as one error that lists them. */
export function wiringError({
  subject,
  problems,
}: {
  subject: string;
  problems: readonly EngineError[];
}): EngineError {
  if (problems.length === 1) return problems[0]!;
  return new EngineError('GR_WIRING_INVALID', { subject, problems });
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

/** Throws where the outcome is decided already, or the backend is to stop: nothing further is to begin. */
export function throwIfOver(plugin: Part, { signal }: { signal: StartSignal }): void {
  if (plugin.over || signal.aborted) throw abortError(plugin.subject, signal.reason);
}
