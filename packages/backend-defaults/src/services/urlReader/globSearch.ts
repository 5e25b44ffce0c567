// Searches with glob patterns: which directory to read, and which of its files match.
import { NotFoundError } from '@backstage/errors';
import type {
  UrlReaderServiceReadUrlResponse,
  UrlReaderServiceSearchResponse,
} from '@greenroom/backend-plugin-api';
import { matchWithinTime } from './matchWithinTime';

/** Whether a path has a pattern in it at all. */
export function hasGlob(path: string): boolean {
  return /[*?{}[\]]|[!@+]\(/.test(path);
}

/** A pattern, ready to be used. */
export interface GlobSearch {
  /** The directory below which everything lies that can match. Empty: the root. */
  directory: string;
  /** Whether the file at a path below `directory` matches. */
  matches(path: string): boolean;
}

/** Splits a pattern such as `docs/**` + `/*.yaml`. Files whose name starts with a dot match only where the pattern says so. */
export async function prepareGlob(pattern: string): Promise<GlobSearch> {
  const { default: picomatch } = await import('picomatch');
  const segments = pattern.split('/');
  const first = segments.findIndex(hasGlob);
  const directory = segments.slice(0, first < 0 ? -1 : first).join('/');
  const glob = segments.slice(directory ? directory.split('/').length : 0).join('/');
  return { directory, matches: matchWithinTime(picomatch.makeRe(glob), glob) };
}

/** A search without a pattern: the file, or nothing if it is not there. */
export async function searchOne(
  url: string,
  read: () => Promise<UrlReaderServiceReadUrlResponse>,
): Promise<UrlReaderServiceSearchResponse> {
  try {
    const { buffer, etag, lastModifiedAt } = await read();
    return { files: [{ url, content: buffer, lastModifiedAt }], etag: etag ?? '' };
  } catch (error) {
    if (error instanceof NotFoundError) return { files: [], etag: '' };
    throw error;
  }
}
