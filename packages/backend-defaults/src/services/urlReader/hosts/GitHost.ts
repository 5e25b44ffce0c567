// What a kind of git host must provide for reading its files: it maps the URLs that people see to those of its API.
import type { GitHostSettings } from '../config';
import { UrlNotFoundError } from '../urlReaderErrors';

/** What a URL of a git host refers to. */
export interface GitTarget {
  /** Of any depth: `owner/name`, `group/subgroup/name`. */
  repository: string;
  /** Branch, tag or commit; undefined for the default branch. */
  ref?: string;
  /** Path within the repository, decoded, without leading or trailing slash. Empty: the repository itself. */
  path: string;
}

/** One request to the host. */
export interface GitHostRequest {
  url: string;
  headers?: Record<string, string>;
}

/** Fetches JSON from the host's API, with its credentials. */
export type GetJson = (url: string) => Promise<unknown>;

/** A kind of git host. */
export interface GitHost {
  /** Returns what the URL refers to; undefined if that can't be read. */
  parse(url: URL, settings: GitHostSettings): GitTarget | undefined;
  /** The headers that authorize. A token of the caller takes precedence over the configured ones. */
  authorize(settings: GitHostSettings, token?: string): Record<string, string>;
  /** The request for the content of a file. */
  file(target: GitTarget, settings: GitHostSettings, authorized: boolean): GitHostRequest;
  /** Finds the current commit of the target. */
  commit(target: GitTarget, settings: GitHostSettings, getJson: GetJson): Promise<string>;
  /** The request for an archive of the target at a commit. */
  archive(target: GitTarget, commit: string, settings: GitHostSettings): GitHostRequest;
  /** Whether everything in an archive is in one top-level directory. */
  archiveHasRoot: boolean;
  /** Further hosts to which it redirects requests for files and archives. */
  redirectHosts(settings: GitHostSettings): string[];
}

// Includes names that would climb only after the suffix `.git` of a repository's name has been removed.
const climbing = /^(\.|\.\.|\.{0,2}\.git)$/;

/** The path of a URL as decoded segments; undefined if one can't be decoded or would climb. */
export function pathSegments(url: URL, baseUrl: string): string[] | undefined {
  const base = new URL(baseUrl).pathname.replace(/\/$/, '');
  const pathname =
    base && url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : url.pathname;
  try {
    const segments = pathname.split('/').filter(Boolean).map(decodeURIComponent);
    // The name of a branch may contain an escaped slash, but nothing may climb out of the repository.
    return segments.some(segment => segment.split(/[/\\]/).some(part => climbing.test(part)))
      ? undefined
      : segments;
  } catch {
    return undefined;
  }
}

/** Encodes the segments of a path for a URL. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** A query string of the values that are not empty, with its question mark. */
export function query(values: Record<string, string | undefined>): string {
  const defined = Object.entries(values).flatMap(([name, value]) =>
    value ? [`${name}=${encodeURIComponent(value)}`] : [],
  );
  return defined.length > 0 ? `?${defined.join('&')}` : '';
}

/** Credentials as a header for HTTP basic authentication. */
export function basic(username: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** Returns the string at a path of keys in JSON. Throws if it is missing: hosts leave it out if nothing matches. */
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
