// Reads a duration from configuration, in milliseconds.
import { readDurationFromConfig, type Config } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import { InvalidConfigValueError } from './InvalidConfigValueError';

/** The most milliseconds that a timer can wait. One that is given more fires at once. */
export const longestTimer = 2 ** 31 - 1;

/**
 * Milliseconds given as a number, a HumanDuration object, or a string such as `10s` or `PT10S`; undefined if not set.
 *
 * @param fullKey - the key for messages, if `config` is a section
 */
export function readDuration(config: Config, key: string, fullKey = key): number | undefined {
  const value = config.getOptional(key);
  if (value === undefined) return undefined;
  let milliseconds: number;
  if (typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))) {
    milliseconds = Number(value);
  } else {
    try {
      milliseconds = durationToMilliseconds(readDurationFromConfig(config, { key }));
    } catch (error) {
      throw new InvalidConfigValueError(fullKey, 'is not a duration', {
        hint: "Use a number of milliseconds, a string such as '10s', or an object such as { seconds: 10 }.",
        cause: error,
      });
    }
  }
  if (!Number.isFinite(milliseconds) || milliseconds < 0) {
    throw new InvalidConfigValueError(fullKey, 'must not be negative');
  }
  return milliseconds;
}

/** Like {@link readDuration}, but no longer than a timer can wait. */
export function readDelay(config: Config, key: string, fullKey = key): number | undefined {
  const milliseconds = readDuration(config, key, fullKey);
  return milliseconds === undefined ? undefined : Math.min(milliseconds, longestTimer);
}
