// Reads the configuration of the scheduler.
import type { Config } from '@backstage/config';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { readDelay } from '../../config/readDuration';

const key = 'backend.scheduler.leaseDuration';
const shortestMs = 1_000;

/**
 * Reads `backend.scheduler.leaseDuration`: the milliseconds after which others take over a dead instance's task.
 * Default 30 s.
 */
export function readLeaseDuration(config: Config): number {
  const milliseconds = readDelay(config, key) ?? 30_000;
  if (milliseconds < shortestMs) {
    throw new InvalidConfigValueError(key, `must be at least one second, not ${milliseconds} ms`);
  }
  return milliseconds;
}
