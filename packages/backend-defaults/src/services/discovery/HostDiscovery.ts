// Locates plugins by configured endpoints, and all others in this backend.
import type { DiscoveryService, LoggerService, RootConfigService } from '@greenroom/backend-plugin-api';
import { hostInUrl } from '../../hostInUrl';
import {
  checkEndpoint,
  fillTarget,
  readDiscoverySettings,
  type DiscoveryEndpoint,
  type DiscoverySettings,
  type HostDiscoveryEndpoint,
} from './config';
import { OwnAddressUnknownError, SrvLookupError } from './discoveryErrors';
import { SrvResolver, type SrvResolverOptions } from './SrvResolver';

/**
 * Options of {@link HostDiscovery}.
 *
 * @public
 */
export interface HostDiscoveryOptions {
  /** Warns of endpoints that are not used. Default: nobody is told. */
  logger?: LoggerService;
  /** Used if `discovery.endpoints` has no target for a plugin. */
  defaultEndpoints?: HostDiscoveryEndpoint[];
  /** The address that the server really listens on, needed if `backend.listen` has port 0. */
  serverUrl?: () => string | undefined;
  /** How SRV records are resolved. Default: DNS. */
  srv?: SrvResolverOptions;
}

const directions = ['internal', 'external'] as const;
type Direction = (typeof directions)[number];
type Targets = Record<Direction, Map<string, { url: string; key: string }>>;

/**
 * Discovery by `discovery.endpoints`. An endpoint that names a plugin takes precedence over one for `*`, and a later
 * one over an earlier one. Internal and external targets are found independently. Follows configuration changes, except
 * of where this backend listens, which takes a restart.
 *
 * @public
 */
export class HostDiscovery implements DiscoveryService {
  readonly #options: HostDiscoveryOptions;
  readonly #resolver: SrvResolver;
  #settings: DiscoverySettings;
  #targets: Targets;
  #subscription: { unsubscribe(): void } | undefined;

  /** Throws `InvalidConfigValueError`. */
  static fromConfig(config: RootConfigService, options: HostDiscoveryOptions = {}): HostDiscovery {
    const discovery = new HostDiscovery(readDiscoverySettings(config), options);
    discovery.#subscription = config.subscribe?.(() => {
      try {
        const settings = readDiscoverySettings(config);
        discovery.#targets = discovery.#collect(settings);
        // The server goes on listening where it did at the start.
        const { listen, protocol } = discovery.#settings;
        discovery.#settings = { ...settings, listen, protocol };
      } catch (error) {
        options.logger?.error(
          'Plugins are still located as before the configuration changed',
          error as Error,
        );
      }
    });
    return discovery;
  }

  private constructor(settings: DiscoverySettings, options: HostDiscoveryOptions) {
    this.#options = options;
    this.#resolver = new SrvResolver(options.srv);
    this.#settings = settings;
    this.#targets = this.#collect(settings);
  }

  /** Rejects with `SrvLookupError` or `OwnAddressUnknownError`. */
  async getBaseUrl(pluginId: string): Promise<string> {
    const target = this.#find('internal', pluginId);
    if (!target) {
      return `${this.#ownUrl(pluginId)}/api/${encodeURIComponent(pluginId)}`;
    }
    const url = fillTarget(target.url, pluginId);
    const srv = /^(https?)\+srv:\/\/([^/]+)(.*)$/i.exec(url);
    if (!srv) return url;
    const [, protocol, record = '', path] = srv;
    const host = await this.#resolver.resolve(record).catch(cause => {
      throw new SrvLookupError({ record, pluginId, key: target.key, cause });
    });
    if (host === undefined) {
      throw new SrvLookupError({ record, pluginId, key: target.key });
    }
    return `${protocol}://${host}${path}`;
  }

  /** Rejects with `OwnAddressUnknownError`. */
  async getExternalBaseUrl(pluginId: string): Promise<string> {
    const target = this.#find('external', pluginId);
    if (target) {
      return fillTarget(target.url, pluginId);
    }
    return `${this.#settings.baseUrl ?? this.#ownUrl(pluginId)}/api/${encodeURIComponent(pluginId)}`;
  }

  /** Stops following the configuration. */
  close(): void {
    this.#subscription?.unsubscribe();
  }

  #find(direction: Direction, pluginId: string) {
    const targets = this.#targets[direction];
    return targets.get(pluginId) ?? targets.get('*');
  }

  #collect({ endpoints }: DiscoverySettings): Targets {
    const defaults = (this.#options.defaultEndpoints ?? []).map((endpoint, index) =>
      checkEndpoint(endpoint, `defaultEndpoints[${index}]`),
    );
    const targets = this.#index(endpoints);
    const fallback = this.#index(defaults);
    for (const direction of directions) {
      // A `*` in the configuration takes precedence over all defaults.
      if (!targets[direction].has('*')) {
        targets[direction] = new Map([...fallback[direction], ...targets[direction]]);
      }
    }
    return targets;
  }

  #index(endpoints: readonly DiscoveryEndpoint[]): Targets {
    const targets: Targets = { internal: new Map(), external: new Map() };
    for (const endpoint of endpoints) {
      for (const direction of directions) {
        const url = endpoint[direction];
        if (url === undefined) continue;
        for (const pluginId of new Set(endpoint.plugins)) {
          const earlier = targets[direction].get(pluginId);
          if (earlier) {
            this.#options.logger?.warn(
              `The ${direction} target of ${earlier.key} is not used for plugin '${pluginId}', as ${endpoint.key} has one after it`,
            );
          }
          targets[direction].set(pluginId, { url, key: endpoint.key });
        }
      }
    }
    return targets;
  }

  #ownUrl(pluginId: string): string {
    const { listen, protocol } = this.#settings;
    let port = String(listen.port);
    if (listen.port === 0) {
      const url = this.#options.serverUrl?.();
      if (url === undefined) {
        throw new OwnAddressUnknownError(pluginId);
      }
      port = new URL(url).port;
    }
    return `${protocol}://${localHost(listen.host)}${port && `:${port}`}`;
  }
}

/** An address at which this machine reaches what listens on `host`. */
function localHost(host: string): string {
  if (host === '0.0.0.0') {
    return '127.0.0.1';
  }
  if (host === '' || host === '::') {
    return 'localhost';
  }
  return hostInUrl(host);
}
