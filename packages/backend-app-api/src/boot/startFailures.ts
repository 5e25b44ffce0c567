// Turns whatever was thrown while a plugin or module started into the one error that its entry carries.
import { EngineError, reasonOf, subject as word } from '../errors';
import { ServiceFailure } from '../services/ServiceRegistry';

/** The error for the entry of `subject`; `code` says where something was thrown that is no error of the engine. */
export function failureOf(
  subject: string,
  code: 'GR_INIT_FAILED' | 'GR_STARTUP_HOOK_FAILED',
  thrown: unknown,
): EngineError {
  if (thrown instanceof ServiceFailure) return serviceError(subject, thrown);
  if (thrown instanceof EngineError) return thrown;
  return new EngineError(code, { subject, reason: reasonOf(thrown) }, { cause: thrown });
}

/** A service that could not be made, with the whole path from its consumer. */
export function serviceError(subject: string, { ids, cause, message }: ServiceFailure): EngineError {
  const path = [subject, ...ids.map(id => word('service', id))];
  return new EngineError('GR_SERVICE_FAILED', { subject, id: ids.at(-1)!, reason: message }, { path, cause });
}

/** One problem as it is, several as one error that lists them. */
export function wiringError(subject: string, problems: readonly EngineError[]): EngineError {
  if (problems.length === 1) return problems[0]!;
  return new EngineError('GR_WIRING_INVALID', {
    subject,
    problems: problems.map(problem => problem.message),
  });
}
