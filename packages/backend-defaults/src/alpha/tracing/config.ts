// Reads how the spans of a plugin are labelled, and what they may tell about users.
import type { Config } from '@backstage/config';
import { readInstrumentationScope, type InstrumentationScope } from '../InstrumentationScope';

/** The scope of a plugin's tracer, from `backend.tracing.plugin.<id>.tracer`. */
export function readTracerScope(config: Config, pluginId: string): InstrumentationScope {
  return readInstrumentationScope(config, `backend.tracing.plugin.${pluginId}.tracer`, pluginId);
}

/** Whether spans say whom they are for, from `backend.tracing.capture.endUser`. Default `false`. */
export function readCaptureEndUser(config: Config): boolean {
  return config.getOptionalBoolean('backend.tracing.capture.endUser') ?? false;
}
