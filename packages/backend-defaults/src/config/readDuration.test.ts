// Delays that are configured to be longer than a timer can wait, which would fire at once.
import { type Config, ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { longestTimer } from './readDuration';
import { readCacheSettings } from '../services/cache/config';
import { readStartupRequestPauseTimeout } from '../services/httpRouter/config';
import { readDrainTimeout, readShutdownDelay } from '../services/rootHttpRouter/config';
import { readLeaseDuration } from '../services/scheduler/config';
import { readTelemetrySettings } from '../services/telemetry/config';
import { readUrlReaderLimits } from '../services/urlReader/config';

const redis = { store: 'redis', connection: 'redis://localhost' };

it.each<[string, JsonObject, (config: Config) => unknown]>([
  ['lifecycle', { serverShutdownDelay: '60d' }, readShutdownDelay],
  ['lifecycle', { drainTimeout: '60d' }, readDrainTimeout],
  ['lifecycle', { startupRequestPauseTimeout: '60d' }, readStartupRequestPauseTimeout],
  ['reading', { timeout: '60d' }, config => readUrlReaderLimits(config).timeout],
  ['scheduler', { leaseDuration: '60d' }, readLeaseDuration],
  [
    'cache',
    { ...redis, commandTimeout: '60d' },
    config => (readCacheSettings(config) as { commandTimeout?: number }).commandTimeout,
  ],
  [
    'telemetry',
    { metrics: { otlp: { url: 'http://localhost/metrics', interval: '60d' } } },
    config => readTelemetrySettings(config)!.metrics!.interval,
  ],
])('waits as long as a timer can for backend.%s %j', (section, settings, read) => {
  expect(read(new ConfigReader({ backend: { [section]: settings } }))).toBe(longestTimer);
});
