// Reads `discovery.endpoints` and what determines this backend's own address.
import type { Config } from '@backstage/config';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { isObject } from '../../isObject';
import { readHttpServerOptions, type HttpServerOptions } from '../rootHttpRouter/config';

/**
 * Where some plugins can be reached.
 *
 * @public
 */
export interface HostDiscoveryEndpoint {
  /**
   * Base URLs of a plugin's API, in which `{{pluginId}}` stands for the plugin. A string applies to calls between
   * backends and from outside. Only `internal` may be `http+srv://` or `https+srv://`, whose host is an SRV record.
   */
  target: string | { internal?: string; external?: string };
  /** IDs of plugins; `*` stands for all that no endpoint names. */
  plugins: string[];
}

/** A validated endpoint. */
export interface DiscoveryEndpoint {
  /** Its configuration key, for messages. */
  key: string;
  internal?: string;
  external?: string;
  plugins: readonly string[];
}

/** Everything that discovery reads from the configuration. */
export interface DiscoverySettings {
  endpoints: DiscoveryEndpoint[];
  listen: HttpServerOptions['listen'];
  protocol: 'http' | 'https';
  /** `backend.baseUrl`, without a trailing slash. */
  baseUrl?: string;
}

/** Reads the settings. Throws `InvalidConfigValueError`. */
export function readDiscoverySettings(config: Config): DiscoverySettings {
  const { listen, https } = readHttpServerOptions(config.getOptionalConfig('backend'));
  const baseUrl = config.getOptionalString('backend.baseUrl');
  return {
    endpoints: readDiscoveryEndpoints(config),
    listen,
    protocol: https ? 'https' : 'http',
    ...(baseUrl !== undefined && { baseUrl: checkUrl(baseUrl, 'backend.baseUrl', ['http:', 'https:']) }),
  };
}

/** Reads `discovery.endpoints`. Default: none. */
export function readDiscoveryEndpoints(config: Config): DiscoveryEndpoint[] {
  const endpoints = config.getOptionalConfigArray('discovery.endpoints') ?? [];
  return endpoints.map((endpoint, index) =>
    checkEndpoint(
      { target: endpoint.get('target'), plugins: endpoint.getStringArray('plugins') },
      `discovery.endpoints[${index}]`,
    ),
  );
}

/** Validates one endpoint, which messages call `key`. Throws `InvalidConfigValueError`. */
export function checkEndpoint(endpoint: HostDiscoveryEndpoint, key: string): DiscoveryEndpoint {
  const { plugins } = endpoint;
  const target: unknown = endpoint.target;
  const external = ['http:', 'https:'];
  if (typeof target === 'string') {
    const url = checkUrl(target, `${key}.target`, external);
    return { key, plugins, internal: url, external: url };
  }
  if (!isObject(target)) {
    throw new InvalidConfigValueError(
      `${key}.target`,
      'must be a URL, or an object with internal and external',
    );
  }
  const checked: DiscoveryEndpoint = { key, plugins };
  for (const [name, url] of Object.entries(target)) {
    if (name !== 'internal' && name !== 'external') {
      throw new InvalidConfigValueError(
        `${key}.target.${name}`,
        "is not known, unlike 'internal' and 'external'",
      );
    }
    if (url !== undefined) {
      const allowed = name === 'internal' ? [...external, 'http+srv:', 'https+srv:'] : external;
      checked[name] = checkUrl(url, `${key}.target.${name}`, allowed);
    }
  }
  if (checked.internal === undefined && checked.external === undefined) {
    throw new InvalidConfigValueError(`${key}.target`, 'has neither internal nor external');
  }
  return checked;
}

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Inserts a plugin's ID into a target. */
export function fillTarget(target: string, pluginId: string): string {
  return target.includes('{{') ? target.replace(placeholder, () => encodeURIComponent(pluginId)) : target;
}

function checkUrl(value: unknown, key: string, protocols: readonly string[]): string {
  if (typeof value !== 'string') {
    throw new InvalidConfigValueError(key, 'must be a URL');
  }
  const unknown = [...value.matchAll(placeholder)].find(match => match[1] !== 'pluginId');
  if (unknown) {
    throw new InvalidConfigValueError(
      key,
      `has the placeholder ${unknown[0]}, and only {{pluginId}} is known`,
    );
  }
  const filled = fillTarget(value, 'plugin');
  const url = URL.canParse(filled) ? new URL(filled) : undefined;
  if (!url || !protocols.includes(url.protocol) || url.hostname === '') {
    const forms = protocols.map(protocol => `${protocol}//`).join(', ');
    throw new InvalidConfigValueError(
      key,
      `is '${value}', which is not a URL that begins with one of ${forms}`,
      {
        hint: /\+srv:/.test(value)
          ? 'SRV records are resolved for calls between backends only: give the target as { internal, external }.'
          : undefined,
      },
    );
  }
  if (url.search || url.hash) {
    throw new InvalidConfigValueError(
      key,
      `is '${value}', and paths can't be appended to a query or fragment`,
    );
  }
  if (url.protocol.endsWith('+srv:') && url.port) {
    throw new InvalidConfigValueError(key, `is '${value}', and the port of an SRV record comes from DNS`);
  }
  return value.replace(/\/+$/, '');
}
