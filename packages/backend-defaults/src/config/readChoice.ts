// Reads one of a few words from configuration.
import type { Config } from '@backstage/config';
import { InvalidConfigValueError } from './InvalidConfigValueError';

/** The word at `key`, or the first of `choices` if it is not set. Throws `InvalidConfigValueError` for any other word. */
export function readChoice<const T extends string>(config: Config, key: string, choices: readonly T[]): T {
  const value = config.getOptionalString(key) ?? choices[0];
  const chosen = choices.find(choice => choice === value);
  if (chosen !== undefined) return chosen;
  const quoted = choices.map(choice => `'${choice}'`);
  const listed = `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
  throw new InvalidConfigValueError(key, `is '${value}', and must be ${listed}`);
}
