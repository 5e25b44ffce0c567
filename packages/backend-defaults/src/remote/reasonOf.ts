// Words why a server can't be reached.

/** To go on with after a colon: without a full stop. */
export function reasonOf(error: unknown): string {
  // What Node gives when a host has several addresses and none answers has them in `errors`, and no message.
  const { message = '', errors } = (error ?? {}) as Partial<AggregateError>;
  const words = String(message).replace(/\.$/, '');
  return words || (Array.isArray(errors) && errors.map(reasonOf).join(', ')) || String(error);
}
