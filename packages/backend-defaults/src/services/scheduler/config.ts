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
 * Returns how many milliseconds a stop waits for runs, if the shutdown has already taken `elapsedMs`: two thirds of
 * `shutdownHookTimeout` of `backend.lifecycle`, or of what is left of `shutdownTimeout` if that is less, but never more
 * than ten seconds.
 */
export function readStopTimeout(config: Config): (elapsedMs: number) => number {
  const read = (name: string) => readDelay(config, `backend.lifecycle.${name}`);
  const hookMs = read('shutdownHookTimeout') ?? Infinity;
  const totalMs = (read('shutdownTimeout') ?? 30_000) + (read('serverShutdownDelay') ?? 0);
  return elapsedMs => {
    const leftMs = Math.max(0, Math.min(hookMs, totalMs - elapsedMs));
    return Math.min(longestStopMs, (leftMs * 2) / 3);
  };
}
