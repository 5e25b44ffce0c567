// Reads from the configuration how long a stop may take.
import type { Config } from '@backstage/config';
import type { EngineError } from '../errors';
import type { readMilliseconds } from './readMilliseconds';
import { readSection } from './readSection';

/** Limits in milliseconds. */
export interface ShutdownLimits {
  /** For the whole stop sequence: `backend.lifecycle.shutdownTimeout`, 30 s by default, and `serverShutdownDelay` on top. */
  readonly totalMs: number;
  /** For one shutdown hook: `backend.lifecycle.shutdownHookTimeout`, 15 s by default. Before-shutdown hooks have the whole. */
  readonly hookMs: number;
}

/** What holds where nothing is configured. */
export const defaultLimits: ShutdownLimits = { totalMs: 30_000, hookMs: 15_000 };

/** Reads the limits; wrong values become `problems` and count as not given. */
export function readShutdownLimits(
  config: Config | undefined,
  milliseconds: typeof readMilliseconds,
  problems: EngineError[],
): ShutdownLimits {
  const prefix = 'backend.lifecycle';
  const lifecycle = readSection(config, prefix, problems);
  const read = (key: string) => milliseconds(lifecycle, key, prefix, problems);
  // What is waited on purpose is not what the deadline is against. A delay of zero is none; the HTTP server checks it.
  const delay = lifecycle?.getOptional('serverShutdownDelay') ? read('serverShutdownDelay') : undefined;
  return {
    totalMs: (read('shutdownTimeout') ?? defaultLimits.totalMs) + (delay ?? 0),
    hookMs: read('shutdownHookTimeout') ?? defaultLimits.hookMs,
  };
}
