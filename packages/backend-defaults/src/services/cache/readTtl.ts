// Converts a time to live to milliseconds.
import type { HumanDuration } from '@backstage/types';
import { humanMilliseconds } from '../../humanMilliseconds';
import { CacheTtlError } from './cacheErrors';

/** Returns whole milliseconds, or `undefined` (no limit) for 0, and for more than a server can count. Throws `CacheTtlError`. */
export function readTtl(ttl: number | HumanDuration): number | undefined {
  const milliseconds = typeof ttl === 'number' ? ttl : humanMilliseconds(ttl);
  if (!(milliseconds >= 0)) {
    throw new CacheTtlError(ttl);
  }
  return milliseconds === 0 || milliseconds > Number.MAX_SAFE_INTEGER ? undefined : Math.ceil(milliseconds);
}
