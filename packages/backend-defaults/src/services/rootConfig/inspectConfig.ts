// Reads, merges and checks the configuration without refusing it, for whoever wants to know all about it.
import { type MergedConfig, mergeSources } from './mergeSources';
import { type ConfigSources, type LoadConfigOptions, readConfigSources } from './readConfigSources';
import type { ConfigPath } from './ConfigDocument';
import type { ConfigProblem } from './ConfigPlace';

/** The configuration with all that is known of it. */
export interface InspectedConfig extends ConfigSources {
  readonly merged: MergedConfig;
  readonly warnings: readonly ConfigProblem[];
  /** Whether a schema calls the value at `path`, or one around it, a secret. */
  isSecret(path: ConfigPath): boolean;
}

/** Never throws for what is wrong with the content: that is in `problems`. */
export async function inspectConfig(options: LoadConfigOptions): Promise<InspectedConfig> {
  const read = await readConfigSources(options);
  const merged = mergeSources(read.sources);
  const { schemas = [] } = options;
  if (schemas.length === 0 || Object.keys(merged.data).length === 0) {
    return { ...read, merged, warnings: [], isSecret: () => false };
  }
  const { checkConfig } = await import('./schemas/checkConfig');
  const checked = await checkConfig(merged, schemas, read.secrets);
  return { ...read, merged, ...checked, problems: [...read.problems, ...checked.problems] };
}
