// Searches with glob patterns: which directory to read, and which of its files match.
import { NotFoundError } from '@backstage/errors';
import type {
  UrlReaderServiceReadUrlResponse,
  UrlReaderServiceSearchResponse,
} from '@greenroom/backend-plugin-api';
import { matchWithinTime } from './matchWithinTime';

/** Whether a path contains a pattern. */
export function hasGlob(path: string): boolean {
  return /[*?{}[\]]|[!@+]\(/.test(path);
}

/** A pattern, ready to use. */
export interface GlobSearch {
  /** The directory that contains everything that can match. Empty: the root. */
  directory: string;
  /** Whether the file at a path below `directory` matches. */
  matches(path: string): boolean;
}

/** Splits a pattern such as `docs/**` + `/*.yaml`. File names with a leading dot match only if the pattern has it too. */
export async function prepareGlob(pattern: string): Promise<GlobSearch> {
  const { default: picomatch } = await import('picomatch');
  const segments = pattern.split('/');
  const first = segments.findIndex(hasGlob);
  const glob = segments.slice(first).join('/');
  return {
    directory: segments.slice(0, first).join('/'),
    matches: matchWithinTime(picomatch.makeRe(glob), glob),
  };
}

/** A search without a pattern: finds the file, or nothing if it does not exist. */
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
