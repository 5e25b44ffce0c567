// Words for a span what failed in it.
import { toError } from '@backstage/errors';
import type { Exception } from '@opentelemetry/api';
import type { Telemetry } from './Telemetry';

/** The secrets of the configuration are masked in it, as in the log: spans often go to servers of others. */
export function exceptionOf(
  thrown: unknown,
  { redact = text => text }: Pick<Telemetry, 'redact'>,
): Exception {
  const { name, message, stack, code } = toError(thrown) as NodeJS.ErrnoException;
  return { name, code, message: redact(message), stack: stack && redact(stack) } as Exception;
}
