// What telemetry costs where it is off, what its configuration may be, and what is said where it can't work.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { coreServices } from '@greenroom/backend-plugin-api';
import { tracingServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { createPlugin, provide } from '@greenroom/testing';
import { metrics, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startBackend } from '../../testing/startBackend';
import { createTelemetryMiddleware } from '../rootHttpRouter/middleware/telemetry';
import { readTelemetrySettings } from './config';
import { telemetryOfProcess } from './Telemetry';

const read = (telemetry: JsonObject) => readTelemetrySettings(new ConfigReader({ backend: { telemetry } }));

describe('settings', () => {
  it('are off by default, and whatever is switched off is', () => {
    expect(readTelemetrySettings(new ConfigReader({}))).toBeUndefined();
    expect(read({ metrics: { prometheus: false }, traces: { otlp: false } })).toBeUndefined();
    expect(read({ metrics: { prometheus: 'false' } })).toBeUndefined();
  });

  it('have defaults behind each switch', () => {
    // A variable holds text.
    expect(read({ metrics: { prometheus: 'true', otlp: true }, traces: { otlp: true } })).toEqual({
      prometheus: { port: 9464, path: '/metrics' },
      metrics: { interval: 60_000 },
      traces: {},
    });
    expect(
      read({ metrics: { otlp: { interval: '5s', url: 'http://c:4318/v1/metrics', headers: { a: 'b' } } } }),
    ).toEqual({
      metrics: { url: 'http://c:4318/v1/metrics', headers: { a: 'b' }, interval: 5_000 },
    });
  });

  it.each<[JsonObject, string]>([
    [{ metrics: { prometheus: 'yes' } }, 'metrics.prometheus must be true, false, or an object'],
    [
      { metrics: { prometheus: { port: 70_000 } } },
      'metrics.prometheus.port must be a number from 0 to 65535',
    ],
    [{ metrics: { prometheus: { path: 'metrics' } } }, "metrics.prometheus.path must begin with '/'"],
    [{ traces: { otlp: { url: 'collector:4318' } } }, "traces.otlp.url is not a URL such as 'http"],
    [
      { metrics: { otlp: { interval: 'often' } } },
      'The configuration value backend.telemetry.metrics.otlp.interval is not a duration',
    ],
    [{ traces: { otlp: true, sampleRatio: 2 } }, 'traces.sampleRatio must be a number from 0 to 1'],
  ])('are refused: %j', (telemetry, message) => {
    expect(() => read(telemetry)).toThrow(message);
  });
});

describe('without an SDK', () => {
  it('there is nothing to measure with, and no request goes through anything', async () => {
    expect(await telemetryOfProcess()).toEqual({});
    expect(await createTelemetryMiddleware({}, () => true)).toBeUndefined();
  });
});

describe('with an SDK that the process has registered', () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });

  beforeAll(() => metrics.setGlobalMeterProvider(provider));
  afterAll(async () => {
    metrics.disable();
    trace.disable();
    await provider.shutdown();
  });

  it('the built-in metrics go there, without any configuration', async () => {
    expect(await telemetryOfProcess()).toEqual({ meter: expect.anything(), isMeterShared: true });
    const backend = await startBackend({});
    await fetch(`${backend.url}/nowhere`);
    await backend.stop();
    await reader.forceFlush();
    const names = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap(scope => scope.metrics.map(metric => metric.descriptor.name)),
      );
    expect(names).toContain('http.server.request.duration');
  });

  it('the secrets of the configuration are masked in what spans are told of failures', async () => {
    const exported = new InMemorySpanExporter();
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exported)] }),
    );
    const fail = async () => {
      throw Object.assign(new Error('hunter2 was refused'), { code: 'E_REFUSED' });
    };
    const failing = createPlugin('failing', {
      deps: {
        http: coreServices.httpRouter,
        scheduler: coreServices.scheduler,
        tracing: tracingServiceRef,
      },
      async init({ http, scheduler, tracing }) {
        http.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
        http.use(fail);
        await tracing.startActiveSpan('own', fail).catch(() => {});
        const once = { frequency: { trigger: 'manual' as const }, timeout: { minutes: 1 } };
        await scheduler.scheduleTask({ id: 'once', scope: 'local', ...once, fn: fail });
        await scheduler.triggerTask('once');
      },
    });
    const listen = { host: '127.0.0.1', port: 0 };
    const config = Object.assign(new ConfigReader({ backend: { listen } }), { secrets: ['hunter2'] });
    const backend = await startBackend({
      features: [failing, provide(coreServices.rootConfig, () => config)],
    });
    await fetch(`${backend.url}/api/failing/x`);
    const failed = () => exported.getFinishedSpans().filter(({ events }) => events.length > 0);
    // The task, which is triggered before the start, begins when it may.
    while (failed().length < 3) await new Promise(resolve => setImmediate(resolve));
    await backend.stop();
    const spans = failed().sort((a, b) => (a.name < b.name ? 1 : -1));
    const failure = { 'exception.type': 'E_REFUSED', 'exception.message': '*** was refused' };
    expect(spans.map(({ name, events }) => [name, ...events.map(({ attributes }) => attributes)])).toEqual([
      ['task once', expect.objectContaining(failure)],
      ['own', expect.objectContaining(failure)],
      ['GET /api/failing', expect.objectContaining(failure)],
    ]);
    expect(spans[1]!.status.message).toBe('*** was refused');
    expect(JSON.stringify(spans.map(({ events }) => events))).not.toContain('hunter2');
  });
});

it('a port that is taken is named, and the backend does not start', async () => {
  const other = createServer();
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    const start = startBackend({
      config: { backend: { telemetry: { metrics: { prometheus: { host: '127.0.0.1', port } } } } },
    });
    await expect(start).rejects.toThrow(
      `The metrics for Prometheus can't be served on port ${port} of 127.0.0.1: EADDRINUSE`,
    );
  } finally {
    await new Promise(resolve => other.close(resolve));
  }
});

it('a package that is missing is named, with how to install it', async () => {
  jest.resetModules();
  jest.doMock('@opentelemetry/exporter-prometheus', () => {
    throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
  });
  try {
    const { startTelemetry } = await import('./startTelemetry');
    const { MemoryLogger } = await import('../../testing/MemoryLogger');
    const starting = startTelemetry({ prometheus: { port: 0, path: '/metrics' } }, new MemoryLogger());
    await expect(starting).rejects.toMatchObject({
      code: 'GR_TELEMETRY_PACKAGE_MISSING',
      message: expect.stringContaining('npm install @opentelemetry/exporter-prometheus'),
    });
  } finally {
    jest.dontMock('@opentelemetry/exporter-prometheus');
  }
});
