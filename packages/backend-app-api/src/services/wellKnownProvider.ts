// Knows which package usually provides a service that many plugins need.

const core = "createBackend() of '@greenroom/backend-defaults'";

/** Services that published plugins need and that are not in the core, or no longer, by id. */
const published: ReadonlyMap<string, string> = new Map([
  ['alpha.core.connections', "connectionsServiceFactory of '@backstage/backend-defaults/alpha'"],
  ['catalog-client', "'@backstage/plugin-catalog-node'"],
  ['core.identity', "identityServiceFactory of '@backstage/backend-app-api' 0.9"],
  ['core.tokenManager', "tokenManagerServiceFactory of '@backstage/backend-app-api' 0.9"],
  ['events.service', "eventsServiceFactory of '@backstage/plugin-events-node'"],
  ['notifications.service', "'@backstage/plugin-notifications-node'"],
  ['signals.service', "'@backstage/plugin-signals-node'"],
]);

/** The usual provider of a service, worded for a message, as `{ provider }`; empty if unknown. */
export function wellKnownProvider(id: string): { provider?: string } {
  const provider = published.get(id) ?? (/^(alpha\.)?core\./.test(id) ? core : undefined);
  return provider === undefined ? {} : { provider };
}
