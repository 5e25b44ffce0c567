// A file to read entities from.

/** Where the file is, and by which location it was reached. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  /** `type:target` of the configured location at which the way to this file began. */
  readonly origin: string;
}
