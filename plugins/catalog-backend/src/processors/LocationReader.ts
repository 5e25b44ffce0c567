// The interface of the readers for built-in location types.
import type { LocationSpec } from '@backstage/plugin-catalog-common';

/** A file that a location leads to. */
export interface LocatedFile {
  /** An absolute path or URL. */
  readonly target: string;
  readonly data: Buffer;
}

/** The current content of a location. */
export interface LocationContent {
  readonly files: readonly LocatedFile[];
  /** Changes with the content. Passed to the next call. */
  readonly state: string;
  /** Errors of single files, each a `DocumentError`. */
  readonly errors: readonly Error[];
  /** The refresh keys by which changes of the content are announced. */
  readonly refreshKeys: readonly string[];
}

export interface LocationReader {
  readonly type: string;
  /**
   * @param location - If it is optional, it may be missing, which counts as empty
   * @param state - From the previous call; if nothing has changed since, the result may be `unchanged`
   * @throws an error for the location as a whole
   */
  read(location: LocationSpec, state?: string): Promise<LocationContent | 'unchanged'>;
  /** Makes a target that is relative to the file at `base` absolute. */
  resolve(target: string, base: string): string;
  /** Reads one file for a placeholder in the file at `base`. */
  readFile(target: string, base: string): Promise<Buffer>;
}
