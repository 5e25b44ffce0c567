// The OpenTelemetry instrumentation scope of a plugin.
import type { Config } from '@backstage/config';
import { pluginSection } from '../config/pluginSection';

/** Name and version of an OpenTelemetry instrumentation scope. */
export interface InstrumentationScope {
  name: string;
  version?: string;
  schemaUrl?: string;
}

/** Reads `backend.<service>.plugin.<pluginId>.<scope>`. The name defaults to `backstage-plugin-<pluginId>`. */
export function readInstrumentationScope(
  config: Config,
  pluginId: string,
  service: string,
  scope: string,
): InstrumentationScope {
  const own = pluginSection(config, `backend.${service}.plugin`, pluginId)?.getOptionalConfig(scope);
  return {
    name: own?.getOptionalString('name') ?? `backstage-plugin-${pluginId}`,
    version: own?.getOptionalString('version'),
    schemaUrl: own?.getOptionalString('schemaUrl'),
  };
}
