// Finds the servers that tests may use, from environment variables only. Starts nothing.

/**
 * Returns the address of a server, or `undefined` if none is given.
 *
 * `own` is the variable for exactly this server. `shared` is Greenroom's variable for the first of several versions
 * of a kind: a test for three versions of PostgreSQL runs once if there is one server.
 */
export function testServerAddress<TId extends string>(
  id: TId,
  asked: readonly TId[],
  { own, shared, kind }: { own: string; shared?: string; kind: string },
): string | undefined {
  const address = process.env[own];
  if (address) return address;
  const first = asked.find(each => each.startsWith(kind));
  return shared !== undefined && id === first ? process.env[shared] || undefined : undefined;
}
