// Where something of the configuration stands, and what is wrong there. Types only.

/** Where a value of the configuration comes from. */
export interface ConfigPlace {
  /** Absolute path of the file; missing for what stands in an argument or in the environment. */
  readonly file?: string;
  /** Begins at 1. */
  readonly line?: number;
  /** Begins at 1. */
  readonly column?: number;
  /** The environment variable that sets the value or is part of it. */
  readonly variable?: string;
}

/** One thing that is wrong, and where. */
export interface ConfigProblem extends ConfigPlace {
  /** What is wrong and what to do about it: whole sentences. */
  readonly message: string;
  /** The package whose schema asks for what is missing, where a start does without: its plugin knows whether it can. */
  readonly askedBy?: string;
}
