// Knows which package usually provides a service that many plugins need.
import { coreServices } from '@greenroom/backend-plugin-api/internal';

const core = "createBackend() of '@greenroom/backend-defaults'";
const alphaIds = /^alpha\.core\.(actions|actionsRegistry|metrics|tracing)$/;

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
  const isDefault = alphaIds.test(id) || Object.values(coreServices).some(ref => ref.id === id);
  const provider = published.get(id) ?? (isDefault ? core : undefined);
  return provider === undefined ? {} : { provider };
}
