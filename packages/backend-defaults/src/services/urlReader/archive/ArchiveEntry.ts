// A file of an archive that is being read, and the checks that every file goes through.
import { posix } from 'node:path';
import type { UrlReaderLimits } from '../config';
import { ArchiveInvalidError, UrlTooLargeError } from '../urlReaderErrors';

/** A file of an archive. Its content has to be read before the next file is requested. */
export interface ArchiveEntry {
  /** Relative to the directory that is read; never absolute, never with `..`. */
  path: string;
  /** In bytes. */
  size: number;
  executable: boolean;
  lastModifiedAt?: Date;
  content: AsyncIterable<Uint8Array>;
}

/** Which entries are wanted, and what is removed from their paths. */
export interface EntrySelection {
  /** Whether everything is in one top-level directory that only names the archive. */
  stripFirstDirectory: boolean;
  /** The directory to read, below the top-level one if that is stripped. Empty: everything. */
  subpath?: string;
  filter?(path: string, info?: { size: number }): boolean;
}

/**
 * The path that an entry is returned with; undefined if it is not wanted.
 *
 * @throws ArchiveInvalidError for a name that leads out of the directory into which it would be written.
 */
export function selectEntry(name: string, size: number, selection: EntrySelection): string | undefined {
  let path = safePath(name);
  if (selection.stripFirstDirectory) path = path.slice(path.indexOf('/') + 1 || path.length);
  const base = safePath(selection.subpath?.replace(/^\/+/, '') ?? '');
  if (base) {
    if (!path.startsWith(`${base}/`)) return undefined;
    path = path.slice(base.length + 1);
  }
  return path && (selection.filter?.(path, { size }) ?? true) ? path : undefined;
}

function safePath(name: string): string {
  // A backslash is a separator on Windows, and a drive letter or a leading slash starts at a root.
  const segments = name.split(/[/\\]/);
  if (
    posix.isAbsolute(name) ||
    name.startsWith('\\') ||
    /^[a-z]:[/\\]/i.test(name) ||
    segments.includes('..') ||
    name.includes('\0')
  ) {
    throw new ArchiveInvalidError(`its entry ${JSON.stringify(name)} leads out of the archive`);
  }
  return segments.filter(segment => segment !== '' && segment !== '.').join('/');
}

/** The limits for an archive or a tree. */
export type TreeLimits = Pick<UrlReaderLimits, 'maxTreeSize' | 'maxTreeEntries'>;

/** The error for an archive with more entries than allowed. */
export function tooMany({ maxTreeEntries }: TreeLimits): UrlTooLargeError {
  const key = 'backend.reading.maxTreeEntries';
  return new UrlTooLargeError('The number of entries of the archive', { limit: String(maxTreeEntries), key });
}

/** The error for more bytes than allowed in `what`, which starts a sentence. */
export function tooLarge(what: string, { maxTreeSize }: Pick<TreeLimits, 'maxTreeSize'>): UrlTooLargeError {
  return new UrlTooLargeError(what, { limit: `${maxTreeSize} bytes`, key: 'backend.reading.maxTreeSize' });
}
