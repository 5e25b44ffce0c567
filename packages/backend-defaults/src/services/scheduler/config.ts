// Reads the configuration of the scheduler.
import type { Config } from '@backstage/config';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { readDelay } from '../../config/readDuration';

const key = 'backend.scheduler.leaseDuration';
const shortestMs = 1_000;
/** Less than the 15 s that a shutdown hook has by default. */
export const longestStopMs = 10_000;

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

/**
 * How many milliseconds a stop waits for runs: ten seconds, or two thirds of `shutdownHookTimeout` or `shutdownTimeout`
 * of `backend.lifecycle` if that is less.
 */
export function readStopTimeout(config: Config): number {
  const limits = ['shutdownHookTimeout', 'shutdownTimeout'].map(
    name => readDelay(config, `backend.lifecycle.${name}`) ?? Infinity,
  );
  return Math.min(longestStopMs, (Math.min(...limits) * 2) / 3);
}
