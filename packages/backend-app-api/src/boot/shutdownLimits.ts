// Reads from the configuration how long a stop may take.
import type { Config } from '@backstage/config';
import type { EngineError } from '../errors';
import { readMilliseconds } from './readMilliseconds';

/** Limits in milliseconds. */
export interface ShutdownLimits {
  /** For the whole stop sequence: `backend.lifecycle.shutdownTimeout`, 30 s by default. */
  readonly totalMs: number;
  /** For one hook: `backend.lifecycle.shutdownHookTimeout`, 15 s by default. */
  readonly hookMs: number;
}

/** What holds where nothing is configured. */
export const defaultLimits: ShutdownLimits = { totalMs: 30_000, hookMs: 15_000 };

/** Reads the limits; wrong values become `problems` and count as not given. */
export function readShutdownLimits(config: Config | undefined, problems: EngineError[]): ShutdownLimits {
  const prefix = 'backend.lifecycle';
  const lifecycle = config?.getOptionalConfig(prefix);
  return {
    totalMs: readMilliseconds(lifecycle, 'shutdownTimeout', prefix, problems) ?? defaultLimits.totalMs,
    hookMs: readMilliseconds(lifecycle, 'shutdownHookTimeout', prefix, problems) ?? defaultLimits.hookMs,
  };
}
