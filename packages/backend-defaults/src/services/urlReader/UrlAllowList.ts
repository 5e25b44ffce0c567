// Decides whether `backend.reading.allow` has a URL.

/** One entry of the list. */
export interface AllowedTarget {
  /** `example.com`, `example.com:8080`, `*.example.com` or `*.example.com:8080`. Without a port, the default one is meant. */
  host: string;
  /** Exact paths, with what is below them. Without any, all. */
  paths?: readonly string[];
}

/** Where a backend may read. */
export class UrlAllowList {
  readonly #targets: readonly AllowedTarget[];

  constructor(targets: readonly AllowedTarget[]) {
    this.#targets = targets.map(target => ({ ...target, host: target.host.toLowerCase() }));
  }

  /** Whether `url` is of HTTP or HTTPS, without a user, and has a host and a path of the list. */
  allows(url: URL): boolean {
    if (!isWebUrl(url)) return false;
    // A URL does not show the default port of its protocol, which people may write.
    const withPort = `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
    return this.#targets.some(
      ({ host, paths }) =>
        (hostMatches(host, url.host) || hostMatches(host, withPort)) && pathMatches(paths, url.pathname),
    );
  }
}

/** Whether a URL can be fetched at all: HTTP or HTTPS, and no user or password in it. */
function isWebUrl(url: URL): boolean {
  return (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password;
}

function hostMatches(pattern: string, host: string): boolean {
  // The dot stays, so that *.example.com is not evilexample.com, and the name before it must not be empty.
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
    // Twice, as proxies in front of servers decode as well.
    path = decodeURIComponent(decodeURIComponent(pathname));
  } catch {
    // Not decodable as a whole: only what stands for a separator or a dot matters.
    path = pathname
      .replace(/%(25)*2f/gi, '/')
      .replace(/%(25)*5c/gi, '\\')
      .replace(/%(25)*2e/gi, '.')
      .replace(/%(25)*3b/gi, ';');
  }
  // Some servers leave out what follows a semicolon before they resolve.
  return path.split(/[/\\]/).some(segment => segment.split(';', 1)[0] === '..');
}
