// The options of the command line's commands. Types only.

/** The options of all commands. */
export interface CliOptions {
  /** Arguments for the configuration: one `--config FILE` for each file. */
  configArgs: string[];
  format: 'yaml' | 'json';
  withSources: boolean;
}
