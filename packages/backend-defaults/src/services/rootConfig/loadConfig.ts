// Loads the configuration of a process once, and refuses it where anything is wrong with it.
import type { AppConfig } from '@backstage/config';
import { ConfigLoadError } from './ConfigLoadError';
import type { ConfigProblem } from './ConfigPlace';
import { inspectConfig } from './inspectConfig';
import type { LoadConfigOptions } from './readConfigSources';

/**
 * What was loaded.
 *
 * @public
 */
export interface LoadedConfig {
  /** One entry a source, weakest first: the files, then the environment. */
  readonly sources: readonly AppConfig[];
  /**
   * Strings that must not show: what a schema calls a secret, and what came from a `$file`, an `$env` or a `${VAR}`
   * and has at least eight characters.
   */
  readonly secrets: ReadonlySet<string>;
  /** Absolute paths of everything that was read, and of files that would be if they existed. */
  readonly files: ReadonlySet<string>;
  /** What does not keep the configuration from being used: keys that seem to be misspelt, or that a plugin may miss. */
  readonly warnings?: readonly ConfigProblem[];
}

/**
 * Loads the configuration: `--config` files or `app-config.yaml`, later ones stronger, `APP_CONFIG_` variables
 * strongest; with `schemas`, checks it.
 *
 * @throws ConfigLoadError with every problem of every source.
 * @public
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const { sources, secrets, files, problems, warnings } = await inspectConfig(options);
  // What is missing is often there under a misspelt key.
  if (problems.some(({ askedBy }) => askedBy === undefined)) {
    throw new ConfigLoadError([...problems, ...warnings], options.cwd, files);
  }
  const left = problems.map(({ askedBy, message, ...place }) => ({
    ...place,
    message: `${message}, says the schema of ${askedBy}`,
  }));
  // Without what can tell the place of a value, which holds on to the text of every file.
  return {
    sources: sources.map(({ context, data }) => ({ context, data })),
    secrets,
    files,
    warnings: [...left, ...warnings],
  };
}
