// Reads, merges and checks the configuration without throwing if it is invalid, for tools that inspect it.
import type { ConfigPath, ConfigProblem } from './ConfigPlace';
import { type MergedConfig, mergeSources } from './mergeSources';
import { type ConfigSources, type LoadConfigOptions, readConfigSources } from './readConfigSources';
import { checkConfig } from './schemas/checkConfig';

/** The configuration and everything that is known about it. */
export interface InspectedConfig extends ConfigSources {
  readonly merged: MergedConfig;
  readonly warnings: readonly ConfigProblem[];
  /** Whether a schema marks the value at `path`, or one around it, as secret. */
  isSecret(path: ConfigPath): boolean;
}

/** Never throws because of invalid content, which is reported in `problems`. */
export async function inspectConfig(options: LoadConfigOptions): Promise<InspectedConfig> {
  const read = await readConfigSources(options);
  const merged = mergeSources(read.sources);
  // A backend without any configuration runs by its defaults, whatever schemas require.
  if (Object.keys(merged.data).length === 0) {
    return { ...read, merged, warnings: [], isSecret: () => false };
  }
  const checked = await checkConfig(merged, options.schemas ?? [], read.secrets);
  return { ...read, merged, ...checked, problems: [...read.problems, ...checked.problems] };
}
