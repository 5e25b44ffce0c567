// Reads the configuration of the scheduler.
import type { Config } from '@backstage/config';
import { InvalidConfigValueError } from '../../InvalidConfigValueError';
import { readDuration } from '../../readDuration';

const key = 'backend.scheduler.leaseDuration';
const shortestMs = 1_000;

/** Milliseconds after which others take over the task of an instance that died, from `backend.scheduler.leaseDuration`. Default 30 s. */
export function readLeaseDuration(config: Config): number {
  const milliseconds = readDuration(config, key) ?? 30_000;
  if (milliseconds < shortestMs) {
    throw new InvalidConfigValueError(key, `must be at least one second, not ${milliseconds} ms`);
  }
  return milliseconds;
}
