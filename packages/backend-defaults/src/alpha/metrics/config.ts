// Reads the instrumentation scope for the metrics of a plugin.
import type { Config } from '@backstage/config';
import { readInstrumentationScope, type InstrumentationScope } from '../InstrumentationScope';

/** The scope of a plugin's meter, from `backend.metrics.plugin.<id>.meter`. */
export function readMeterScope(config: Config, pluginId: string): InstrumentationScope {
  return readInstrumentationScope('metrics', config, pluginId);
}
