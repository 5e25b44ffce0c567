// What the commands of the command line get. Types only.

/** The options of all commands. */
export interface CliOptions {
  /** Arguments for the configuration: `--config FILE` each. */
  configArgs: string[];
  format: 'yaml' | 'json';
  withSources: boolean;
}
