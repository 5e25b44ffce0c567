// What a git host has to say for its files to be read: pure functions from URLs that people see to those of its API.
import type { GitHostSettings } from '../config';
import { UrlNotFoundError } from '../urlReaderErrors';

/** What a URL of a git host points at. */
export interface GitTarget {
  /** Of any depth: `owner/name`, `group/subgroup/name`. */
  repository: string;
  /** Branch, tag or commit; `undefined` for the default branch. */
  ref?: string;
  /** Below the repository, decoded, with neither a slash at its start nor at its end. Empty: the repository itself. */
  path: string;
}

/** One request to the host. */
export interface GitHostRequest {
  url: string;
  headers?: Record<string, string>;
}

/** Gets JSON of the host's API, with its credentials. */
export type GetJson = (url: string) => Promise<unknown>;

/** A kind of git host. */
export interface GitHost {
  /** Reads what the URL points at, or gives `undefined` if it points at nothing that can be read. */
  parse(url: URL, settings: GitHostSettings): GitTarget | undefined;
  /** The headers that authorize; a token of the caller goes before what is configured. */
  authorize(settings: GitHostSettings, token?: string): Record<string, string>;
  /** The request for the content of a file. */
  file(target: GitTarget, settings: GitHostSettings, authorized: boolean): GitHostRequest;
  /** Finds the commit that the target is at now. */
  commit(target: GitTarget, settings: GitHostSettings, getJson: GetJson): Promise<string>;
  /** The request for an archive of the target at a commit. */
  archive(target: GitTarget, commit: string, settings: GitHostSettings): GitHostRequest;
  /** Whether all of an archive lies in one directory. */
  archiveHasRoot: boolean;
  /** Hosts beside its own to which it sends those who fetch files and archives. */
  redirectHosts(settings: GitHostSettings): string[];
}

// Also where it does so only once the end of a repository's name, `.git`, has been taken off.
const climbing = /^(\.|\.\.|\.{0,2}\.git)$/;

/** The path of a URL as decoded segments. `undefined` if one can't be decoded, or would climb. */
export function pathSegments(url: URL, baseUrl: string): string[] | undefined {
  const base = new URL(baseUrl).pathname.replace(/\/$/, '');
  const pathname =
    base && url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : url.pathname;
  try {
    const segments = pathname.split('/').filter(Boolean).map(decodeURIComponent);
    // A slash may be escaped in the name of a branch; anything that climbs would leave the repository.
    return segments.some(segment => segment.split(/[/\\]/).some(part => climbing.test(part)))
      ? undefined
      : segments;
  } catch {
    return undefined;
  }
}

/** The segments as part of a URL. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** A query of what is defined, with its question mark. */
export function query(values: Record<string, string | undefined>): string {
  const defined = Object.entries(values).flatMap(([name, value]) =>
    value ? [`${name}=${encodeURIComponent(value)}`] : [],
  );
  return defined.length > 0 ? `?${defined.join('&')}` : '';
}

/** Credentials in the form of HTTP's basic authentication. */
export function basic(username: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** The string at a path of keys in JSON; the host leaves it out where nothing matches. */
export function stringAt(json: unknown, keys: Array<string | number>, url: string): string {
  let value = json;
  for (const key of keys) value = (value as Record<string | number, unknown> | null | undefined)?.[key];
  if (typeof value !== 'string' || !value) {
    throw new UrlNotFoundError(
      new URL(url),
      `Its answer has no ${keys.join('.')}: check that the repository is not empty, and has that branch, tag or path.`,
    );
  }
  return value;
}
