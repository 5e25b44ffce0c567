// Words for a span what failed in it.
import { toError } from '@backstage/errors';
import type { Telemetry } from './Telemetry';

/** The secrets of the configuration are masked in it, as in the log: spans often go to servers of others. */
export function exceptionOf(thrown: unknown, { redact = text => text }: Pick<Telemetry, 'redact'>) {
  const { name, message, stack, code } = toError(thrown);
  return {
    name,
    ...(typeof code === 'string' && { code }),
    message: redact(message),
    ...(stack !== undefined && { stack: redact(stack) }),
  };
}
