// Loads the configuration of a process once, and throws if anything is wrong with it.
import type { AppConfig } from '@backstage/config';
import { ConfigLoadError } from './ConfigLoadError';
import type { ConfigProblem } from './ConfigPlace';
import { inspectConfig } from './inspectConfig';
import type { LoadConfigOptions } from './readConfigSources';

/**
 * A loaded configuration.
 *
 * @public
 */
export interface LoadedConfig {
  /** One entry per source, weakest first: the files, then the environment. */
  readonly sources: readonly AppConfig[];
  /**
   * Strings that must not appear in logs: values that a schema marks as secret, and values of at least eight
   * characters that came from a `$file`, an `$env` or a `${VAR}`.
   */
  readonly secrets: ReadonlySet<string>;
  /** Absolute paths of all files that were read, and of those that would have been if they existed. */
  readonly files: ReadonlySet<string>;
  /** What does not prevent a start, such as misspelt or deprecated keys, and missing values that a plugin may need. */
  readonly warnings?: readonly ConfigProblem[];
}

/**
 * Loads the configuration from the `--config` files or `app-config.yaml`, and from `APP_CONFIG_` variables. Later
 * files override earlier ones, and variables override files. With `schemas`, also checks it.
 *
 * @throws ConfigLoadError with every problem of every source.
 * @public
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const { sources, secrets, files, problems, warnings } = await inspectConfig(options);
  // Includes the warnings, because a value is often missing only because its key is misspelt.
  if (problems.some(({ askedBy }) => askedBy === undefined)) {
    throw new ConfigLoadError([...problems, ...warnings], options.cwd, files);
  }
  const left = problems.map(({ askedBy, message, ...place }) => ({
    ...place,
    message: `${message}, says the schema of ${askedBy}`,
  }));
  // Leaves out `locate`, which keeps the text of every file in memory.
  return {
    sources: sources.map(({ context, data }) => ({ context, data })),
    secrets,
    files,
    warnings: [...left, ...warnings],
  };
}
