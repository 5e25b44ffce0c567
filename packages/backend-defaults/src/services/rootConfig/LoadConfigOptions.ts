// What reading the configuration goes by. Types only.
import type { PackageConfigSchema } from './schemas/PackageConfigSchema';

/**
 * Where the configuration comes from.
 *
 * @public
 */
export interface LoadConfigOptions {
  /** Arguments that may hold `--config`; default: those of the process. */
  argv?: readonly string[];
  /** Directory that relative paths start from; default: that of the process. */
  cwd?: string;
  /** Default: the environment of the process. */
  env?: NodeJS.ProcessEnv;
  /** What the configuration must be like, as {@link gatherSchemas} finds it; default: nothing is checked. */
  schemas?: readonly PackageConfigSchema[];
}
