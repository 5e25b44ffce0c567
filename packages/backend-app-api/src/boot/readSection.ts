// Reads a section of the configuration; one that is no object is a problem and counts as not given.
import type { Config } from '@backstage/config';
import { describe, EngineError } from '../errors';

/** The section `key` of `config`; `name` is its whole name, for messages. */
export function readSection(
  config: Config | undefined,
  key: string,
  problems: EngineError[],
  name = key,
): Config | undefined {
  const value = config?.getOptional(key);
  if (value === undefined) return undefined;
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return config!.getOptionalConfig(key);
  const fields = { key: name, found: describe(value), expected: 'an object' };
  problems.push(new EngineError('GR_STARTUP_CONFIG_INVALID', fields));
  return undefined;
}
