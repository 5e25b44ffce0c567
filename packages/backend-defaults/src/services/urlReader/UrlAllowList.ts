// Decides whether `backend.reading.allow` permits a URL.
import { domainToASCII } from 'node:url';

/** One entry of the list. */
export interface AllowedTarget {
  /** `example.com`, `example.com:8080`, `*.example.com` or `*.example.com:8080`. Without a port, the default port is meant. */
  host: string;
  /** Exact paths, including everything below them. Default: all. */
  paths?: readonly string[];
}

/** The URLs that a backend may read. */
export class UrlAllowList {
  readonly #targets: readonly AllowedTarget[];

  constructor(targets: readonly AllowedTarget[]) {
    this.#targets = targets.map(target => ({ ...target, host: asInUrl(target.host) }));
  }

  /** Whether `url` is an HTTP or HTTPS URL without credentials, and its host and path are on the list. */
  allows(url: URL): boolean {
    if (!isWebUrl(url)) return false;
    // A URL omits the default port of its protocol, but people may write it.
    const withPort = `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
    return this.#targets.some(
      ({ host, paths }) =>
        (hostMatches(host, url.host) || hostMatches(host, withPort)) && pathMatches(paths, url.pathname),
    );
  }
}

/** Whether a URL can be fetched at all: HTTP or HTTPS, without user or password. */
function isWebUrl(url: URL): boolean {
  return (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password;
}

/** In the form that URLs have: lower case, and ASCII only. A name that no URL can have becomes empty. */
function asInUrl(host: string): string {
  const [, name = '', port = ''] = /^(.*?)(:\d+)?$/.exec(host) ?? [];
  return `${domainToASCII(name)}${port}`;
}

function hostMatches(pattern: string, host: string): boolean {
  // Keeps the dot, so that *.example.com does not match evilexample.com. The name before it must not be empty.
  return pattern.startsWith('*.')
    ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1
    : host === pattern;
}

function pathMatches(allowed: readonly string[] | undefined, pathname: string): boolean {
  if (!allowed) return true;
  // A server may decode an escaped slash before it resolves '..', which a URL parser does not.
  if (climbs(pathname)) return false;
  return allowed.some(
    path => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`),
  );
}

function climbs(pathname: string): boolean {
  let path = pathname;
  try {
    // Twice, because proxies in front of a server may decode as well.
    path = decodeURIComponent(decodeURIComponent(pathname));
  } catch {
    // Not decodable as a whole: decodes only what stands for a separator or a dot.
    path = pathname
      .replace(/%(25)*2f/gi, '/')
      .replace(/%(25)*5c/gi, '\\')
      .replace(/%(25)*2e/gi, '.')
      .replace(/%(25)*3b/gi, ';');
  }
  // Some servers drop what follows a semicolon before they resolve a path.
  return path.split(/[/\\]/).some(segment => segment.split(';', 1)[0] === '..');
}
