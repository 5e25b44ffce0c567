// Describes why a server can't be reached.

/** For use after a colon: has no full stop. */
export function reasonOf(error: unknown): string {
  // If a host has several addresses and none answers, Node's error has no message, only `errors`.
  const { message = '', errors } = (error ?? {}) as Partial<AggregateError>;
  const words = String(message).replace(/\.$/, '');
  return words || (Array.isArray(errors) && errors.map(reasonOf).join(', ')) || String(error);
}

/** Like {@link reasonOf}. The messages of `fetch` itself are always the same; their cause says what happened. */
export function reasonOfFetch(error: unknown): string {
  const { name, cause } = (error ?? {}) as Partial<Error>;
  return reasonOf(name === 'TypeError' && cause !== undefined ? cause : error);
}
