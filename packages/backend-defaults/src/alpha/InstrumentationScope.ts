// The OpenTelemetry instrumentation scope of a plugin.
import type { Config } from '@backstage/config';

/** Name and version of an OpenTelemetry instrumentation scope. */
export interface InstrumentationScope {
  name: string;
  version?: string;
  schemaUrl?: string;
}

/** Reads the scope below `key`. The name defaults to `backstage-plugin-<pluginId>`. */
export function readInstrumentationScope(
  config: Config,
  key: string,
  pluginId: string,
): InstrumentationScope {
  const own = config.getOptionalConfig(key);
  return {
    name: own?.getOptionalString('name') ?? `backstage-plugin-${pluginId}`,
    version: own?.getOptionalString('version'),
    schemaUrl: own?.getOptionalString('schemaUrl'),
  };
}
