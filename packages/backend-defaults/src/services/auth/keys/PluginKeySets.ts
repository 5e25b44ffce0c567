// The key sets of the plugins that call others, one each for the whole process.
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
  // Tokens that nobody has verified decide which plugin is asked, so all of them together are limited as well.
  readonly #budget = new RefetchBudget({ burst: 1_000, perSecond: 20 });

  /** The keys that a plugin signs its requests with. */
  ofPlugin(pluginId: string, discovery: DiscoveryService): RemoteKeySet {
    return this.#get(`${pluginId}/.backstage/auth/v1/jwks.json`, pluginId, discovery);
  }

  /** The keys that the auth plugin signs user tokens with. */
  ofUsers(discovery: DiscoveryService): RemoteKeySet {
    return this.#get('auth/.well-known/jwks.json', 'auth', discovery);
  }

  #get(key: string, pluginId: string, discovery: DiscoveryService): RemoteKeySet {
    const known = this.#sets.get(key);
    if (known) {
      return known;
    }
    if (this.#sets.size >= mostSets) {
      this.#dropOne();
    }
    const path = key.slice(pluginId.length);
    const set = new RemoteKeySet({
      url: async () => `${await discovery.getBaseUrl(pluginId)}${path}`,
      sharedBudget: this.#budget,
    });
    this.#sets.set(key, set);
    return set;
  }

  #dropOne(): void {
    const [oldest] = this.#sets.keys();
    const useless = [...this.#sets].find(([, set]) => set.isEmpty)?.[0];
    this.#sets.delete(useless ?? oldest!);
  }
}
