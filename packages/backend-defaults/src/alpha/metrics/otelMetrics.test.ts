// Instruments measured by a real OpenTelemetry SDK.
import { ConfigReader } from '@backstage/config';
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { readInstrumentationScope } from '../InstrumentationScope';
import { otelMetrics } from './otelMetrics';

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
const provider = new MeterProvider({ readers: [reader] });

afterEach(() => metrics.disable());
afterAll(() => provider.shutdown());

async function collect(): Promise<ResourceMetrics['scopeMetrics']> {
  await provider.forceFlush();
  return exporter.getMetrics().at(-1)!.scopeMetrics;
}

it('does nothing where no SDK is registered', () => {
  const service = otelMetrics({ name: 'backstage-plugin-things' });
  const collected = jest.fn();
  expect(() => service.createCounter('things').add(1)).not.toThrow();
  service.createObservableGauge('size').addCallback(collected);
  expect(collected).not.toHaveBeenCalled();
});

it('measures with every kind of instrument, under the name of the plugin', async () => {
  metrics.setGlobalMeterProvider(provider);
  const config = new ConfigReader({
    backend: { metrics: { plugin: { things: { meter: { version: '1.2' } } } } },
  });
  const service = otelMetrics(readInstrumentationScope('metrics', config, 'things'));
  service
    .createCounter<{ color: string }>('made', { unit: '1', description: 'Things made' })
    .add(2, { color: 'red' });
  service.createUpDownCounter('open').add(-3);
  service.createHistogram('took', { unit: 'ms', advice: { explicitBucketBoundaries: [10, 100] } }).record(50);
  service.createGauge('heat').record(7);
  service.createObservableCounter('seen').addCallback(result => result.observe(11));
  service.createObservableUpDownCounter('waiting').addCallback(async result => result.observe(-1));
  const size = service.createObservableGauge('size');
  const observe = jest.fn(result => result.observe(5));
  size.addCallback(observe);

  const [scope] = await collect();
  expect(scope!.scope).toMatchObject({ name: 'backstage-plugin-things', version: '1.2' });
  const found = scope!.metrics.map(({ descriptor, dataPoints }) => [
    descriptor.name,
    descriptor.unit,
    dataPoints[0]!.value,
    dataPoints[0]!.attributes,
  ]);
  expect(found).toEqual([
    ['made', '1', 2, { color: 'red' }],
    ['open', '', -3, {}],
    ['took', 'ms', expect.objectContaining({ buckets: { boundaries: [10, 100], counts: [0, 1, 0] } }), {}],
    ['heat', '', 7, {}],
    ['seen', '', 11, {}],
    ['waiting', '', -1, {}],
    ['size', '', 5, {}],
  ]);

  size.removeCallback(observe);
  await collect();
  expect(observe).toHaveBeenCalledTimes(1);
});

it('takes the name of the meter from the configuration', () => {
  const meter = { name: 'acme', version: '2', schemaUrl: 'https://example.com/schema' };
  const config = new ConfigReader({ backend: { metrics: { plugin: { things: { meter } } } } });
  expect(readInstrumentationScope('metrics', config, 'things')).toEqual(meter);
  expect(readInstrumentationScope('metrics', config, 'other')).toEqual({ name: 'backstage-plugin-other' });
});
