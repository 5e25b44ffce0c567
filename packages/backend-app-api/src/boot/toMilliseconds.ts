// Parses durations in all forms that the configuration allows.
import { ConfigReader, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';

/**
 * Takes milliseconds (as text, too), a string such as `10s` or `PT10S`, or `{ seconds: 10 }`; `undefined` for anything
 * else, and for what is negative.
 */
export function toMilliseconds(value: unknown): number | undefined {
  const read = () => readDurationFromConfig(new ConfigReader({ value: value as string }), { key: 'value' });
  try {
    const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
    const duration = isNumber ? Number(value) : durationToMilliseconds(read());
    return duration >= 0 ? duration : undefined;
  } catch {
    return undefined;
  }
}
