// Describes an error for the span that it occurred in.
import { toError } from '@backstage/errors';
import type { Telemetry } from './Telemetry';

/** Masks the secrets of the configuration, as the log does, because spans are often sent to other people's servers. */
export function exceptionOf(thrown: unknown, { redact = text => text }: Pick<Telemetry, 'redact'>) {
  const { name, message, stack, code } = toError(thrown);
  return {
    name,
    ...(typeof code === 'string' && { code }),
    message: redact(message),
    ...(stack !== undefined && { stack: redact(stack) }),
  };
}
