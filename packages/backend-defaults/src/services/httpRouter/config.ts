// Reads the configuration of the plugins' HTTP routers.
import type { Config } from '@backstage/config';
import { readDelay } from '../../config/readDuration';

/** Milliseconds that a request waits for its plugin to start, from `backend.lifecycle.startupRequestPauseTimeout`. Default 5 s. */
export function readStartupRequestPauseTimeout(config: Config): number {
  return readDelay(config, 'backend.lifecycle.startupRequestPauseTimeout') ?? 5_000;
}
