// Which servers tests may use, and how they are reached: by environment variables alone, nothing is started.

/**
 * The address of a server, or `undefined` where none is given.
 *
 * `own` is the variable of exactly this server; `shared` one of Greenroom's own that stands for the first of several
 * versions of a kind: a test that asks for three versions of PostgreSQL runs once where there is one server.
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

/** Calls `clean` after all tests of the file or of the block around it, where jest is there. */
export function afterAllTests(clean: () => Promise<void>): void {
  if (typeof afterAll === 'function') afterAll(clean, 60_000);
}
