// The contract of what reads the built-in types of locations.
import type { LocationSpec } from '@backstage/plugin-catalog-common';

/** A file that a location leads to. */
export interface LocatedFile {
  /** Absolute. */
  readonly target: string;
  readonly data: Buffer;
}

/** What a location has at the moment. */
export interface LocationContent {
  readonly files: readonly LocatedFile[];
  /** Tells contents apart; given to the next reading. */
  readonly state: string;
  /** Errors of single files, each a `DocumentError`. */
  readonly errors: readonly Error[];
  /** Where a change of the content would show. */
  readonly refreshKeys: readonly string[];
}

export interface LocationReader {
  readonly type: string;
  /**
   * @param location - Where nothing at all is a content too if it is optional
   * @param state - Of the last reading; if nothing changed since, the answer may be `unchanged`
   * @throws what is wrong with the location as a whole
   */
  read(location: LocationSpec, state?: string): Promise<LocationContent | 'unchanged'>;
  /** Makes a target relative to the file at `base` absolute. */
  resolve(target: string, base: string): string;
  /** Reads one file for a placeholder in the file at `base`. */
  readFile(target: string, base: string): Promise<Buffer>;
}
