// Reads a duration from the configuration, in any of its forms, as milliseconds.
import { readDurationFromConfig, type Config } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import { describe, EngineError } from '../errors';

/** A number of milliseconds, a string such as `10s` or `PT10S`, or an object such as `{ seconds: 10 }`. Anything else is a problem. */
export function readMilliseconds(
  config: Config | undefined,
  key: string,
  prefix: string,
  problems: EngineError[],
): number | undefined {
  const value = config?.getOptional(key);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0) return value;
  try {
    const duration = durationToMilliseconds(readDurationFromConfig(config!, { key }));
    if (duration > 0) return duration;
  } catch {
    // Worded below, for all wrong values alike.
  }
  const expected = "a duration above zero: milliseconds, '10s', or { seconds: 10 }";
  const fields = { key: `${prefix}.${key}`, found: describe(value), expected };
  problems.push(new EngineError('GR_STARTUP_CONFIG_INVALID', fields));
  return undefined;
}
