// Types for places in the configuration, and for the problems found there.

/** Where a value of the configuration comes from. */
export interface ConfigPlace {
  /** Absolute path of the file; undefined for an argument or an environment variable. */
  readonly file?: string;
  /** Starts at 1. */
  readonly line?: number;
  /** Starts at 1. */
  readonly column?: number;
  /** The environment variable that sets the value or is part of it. */
  readonly variable?: string;
}

/** A problem and its place. */
export interface ConfigProblem extends ConfigPlace {
  /** What is wrong and what to do about it, in complete sentences. */
  readonly message: string;
  /** The package whose schema requires a missing value. A start goes on: the plugin knows whether it needs the value. */
  readonly askedBy?: string;
}
