// Reads what the engine itself wants to know of the configuration.
import type { Config } from '@backstage/config';
import type { EngineError } from '../errors';
import { readBootFailurePolicy, type BootFailurePolicy } from './bootFailurePolicy';
import { readShutdownLimits, type ShutdownLimits } from './shutdownLimits';

/** Wrong values become `problems`. What reads durations is loaded only for a configuration that may have some. */
export async function readSettings(
  config: Config | undefined,
  problems: EngineError[],
): Promise<{ policy: BootFailurePolicy; limits: ShutdownLimits }> {
  const isConfigured = ['backend.startup', 'backend.lifecycle'].some(
    key => config?.getOptional(key) !== undefined,
  );
  const milliseconds = isConfigured ? (await import('./readMilliseconds')).readMilliseconds : () => undefined;
  return {
    policy: readBootFailurePolicy(config, milliseconds, problems),
    limits: readShutdownLimits(config, milliseconds, problems),
  };
}
