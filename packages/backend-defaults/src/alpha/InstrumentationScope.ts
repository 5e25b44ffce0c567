// The OpenTelemetry instrumentation scope of a plugin.
import type { Config } from '@backstage/config';
import { pluginSection } from '../config/pluginSection';

/** Name and version of an OpenTelemetry instrumentation scope. */
export interface InstrumentationScope {
  name: string;
  version?: string;
  schemaUrl?: string;
}

/**
 * Reads `backend.metrics.plugin.<pluginId>.meter` or `backend.tracing.plugin.<pluginId>.tracer`. The name defaults to
 * `backstage-plugin-<pluginId>`.
 */
export function readInstrumentationScope(
  service: 'metrics' | 'tracing',
  config: Config,
  pluginId: string,
): InstrumentationScope {
  const key = service === 'metrics' ? 'meter' : 'tracer';
  const own = pluginSection(config, `backend.${service}.plugin`, pluginId)?.getOptionalConfig(key);
  return {
    name: own?.getOptionalString('name') ?? `backstage-plugin-${pluginId}`,
    version: own?.getOptionalString('version'),
    schemaUrl: own?.getOptionalString('schemaUrl'),
  };
}
