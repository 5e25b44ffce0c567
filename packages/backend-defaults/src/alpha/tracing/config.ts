// Reads the instrumentation scope for the spans of a plugin, and whether they identify users.
import type { Config } from '@backstage/config';
import { readInstrumentationScope, type InstrumentationScope } from '../InstrumentationScope';

/** The scope of a plugin's tracer, from `backend.tracing.plugin.<id>.tracer`. */
export function readTracerScope(config: Config, pluginId: string): InstrumentationScope {
  return readInstrumentationScope('tracing', config, pluginId);
}

/** Whether spans identify the end user, from `backend.tracing.capture.endUser`. Default `false`. */
export function readCaptureEndUser(config: Config): boolean {
  return config.getOptionalBoolean('backend.tracing.capture.endUser') ?? false;
}
