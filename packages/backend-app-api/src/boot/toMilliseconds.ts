// Takes a duration in any of the forms that a configuration may have it in.
import { ConfigReader, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';

/** Of a number of milliseconds, a string such as `10s` or `PT10S`, or an object such as `{ seconds: 10 }`; `undefined` for anything else. */
export function toMilliseconds(value: unknown): number | undefined {
  const read = () => readDurationFromConfig(new ConfigReader({ value: value as string }), { key: 'value' });
  try {
    const duration = typeof value === 'number' ? value : durationToMilliseconds(read());
    return duration > 0 ? duration : undefined;
  } catch {
    return undefined;
  }
}
