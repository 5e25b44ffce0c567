// Knows which package usually provides a service that many plugins ask for.

const core = "createBackend() of '@greenroom/backend-defaults'";

/** Services outside the core that published packages ask for, by the package that brings a factory along with its reference. */
const published: ReadonlyMap<string, string> = new Map([
  ['catalog-service', "'@backstage/plugin-catalog-node'"],
  ['events.service', "'@backstage/plugin-events-node'"],
]);

/** What usually provides a service, worded for a message, as `{ provider }`; nothing where that is unknown. */
export function wellKnownProvider(id: string): { provider?: string } {
  const provider = /^(alpha\.)?core\./.test(id) ? core : published.get(id);
  return provider === undefined ? {} : { provider };
}
