// Reads which plugins of other backends a backend waits for.
import type { Config } from '@backstage/config';
import { readDuration } from '../../config/readDuration';

/** From `backend.startup`: `needs`, a list of plugin ids (none by default), and `needsTimeout` (60 s). */
export function readNeededPlugins(config: Config): { pluginIds: string[]; timeoutMs: number } {
  return {
    pluginIds: config.getOptionalStringArray('backend.startup.needs') ?? [],
    timeoutMs: readDuration(config, 'backend.startup.needsTimeout') ?? 60_000,
  };
}
