// The key sets of calling plugins, one per plugin in the whole process.
import type { DiscoveryService } from '@greenroom/backend-plugin-api';
import { RefetchBudget } from './RefetchBudget';
import { RemoteKeySet } from './RemoteKeySet';

const mostSets = 2_000;

/**
 * Finds the key sets of plugins through discovery.
 *
 * @public
 */
export class PluginKeySets {
  readonly #sets = new Map<string, RemoteKeySet>();
  #ofUsers: RemoteKeySet | undefined;
  // Unverified tokens decide which plugin's keys are fetched, so all sets together have a limit as well.
  readonly #budget = new RefetchBudget({ burst: 1_000, perSecond: 20 });

  /** The keys that a plugin signs its requests with. */
  ofPlugin(pluginId: string, discovery: DiscoveryService): RemoteKeySet {
    const known = this.#sets.get(pluginId);
    if (known) return known;
    if (this.#sets.size >= mostSets) {
      this.#dropOne();
    }
    const set = new RemoteKeySet({
      url: async () => `${await discovery.getBaseUrl(pluginId)}/.backstage/auth/v1/jwks.json`,
      sharedBudget: this.#budget,
    });
    this.#sets.set(pluginId, set);
    return set;
  }

  /** The keys that the auth plugin signs user tokens with. */
  ofUsers(discovery: DiscoveryService): RemoteKeySet {
    return (this.#ofUsers ??= new RemoteKeySet({
      url: async () => `${await discovery.getBaseUrl('auth')}/.well-known/jwks.json`,
    }));
  }

  /**
   * Prefers an unproven set. Having keys proves nothing: URL paths ignore case, so attackers have many names for one
   * plugin.
   */
  #dropOne(): void {
    const [oldest] = this.#sets.keys();
    const unproven = [...this.#sets].find(([, set]) => !set.isProven)?.[0];
    this.#sets.delete(unproven ?? oldest!);
  }
}
