// Knows which package usually provides a service that many plugins need.

const core = "createBackend() of '@greenroom/backend-defaults'";

/** Services outside the core that published plugins need, by id. */
const published: ReadonlyMap<string, string> = new Map([
  ['alpha.core.connections', "connectionsServiceFactory of '@backstage/backend-defaults/alpha'"],
  ['catalog-client', "'@backstage/plugin-catalog-node'"],
  ['events.service', "eventsServiceFactory of '@backstage/plugin-events-node'"],
  ['notifications.service', "'@backstage/plugin-notifications-node'"],
  ['signals.service', "'@backstage/plugin-signals-node'"],
]);

/** The usual provider of a service, worded for a message, as `{ provider }`; empty if unknown. */
export function wellKnownProvider(id: string): { provider?: string } {
  const provider = published.get(id) ?? (/^(alpha\.)?core\./.test(id) ? core : undefined);
  return provider === undefined ? {} : { provider };
}
