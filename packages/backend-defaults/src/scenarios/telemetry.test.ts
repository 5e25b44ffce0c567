// Metrics and traces of real backends in processes of their own, scraped as Prometheus does and exported to a real receiver.
import type { JsonObject } from '@backstage/types';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OtlpReceiver } from '../testing/OtlpReceiver';

const running = new Set<ChildProcess>();
let receiver: OtlpReceiver;

beforeEach(async () => {
  receiver = await OtlpReceiver.start();
});
afterEach(async () => {
  running.forEach(child => child.kill('SIGKILL'));
  await receiver.stop();
});

interface TracedBackend {
  url: string;
  prometheus?: string;
  /** Ends it in good order, with what it has left to export. */
  stop(): Promise<void>;
}

async function start(
  pluginId: string,
  telemetry: JsonObject,
  config: JsonObject = {},
  node: { args?: string[]; env?: Record<string, string> } = {},
): Promise<TracedBackend> {
  const program = join(__dirname, 'programs', 'tracedBackend.ts');
  const options = { pluginId, config: { ...config, backend: { telemetry } } };
  const child = spawn(
    process.execPath,
    [
      '--conditions=greenroom-source',
      '--import',
      'tsx',
      ...(node.args ?? []),
      program,
      JSON.stringify(options),
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...node.env },
    },
  );
  running.add(child);
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => text),
    once(child, 'exit').then(() => {
      throw new Error('The backend did not start');
    }),
  ]);
  return {
    ...JSON.parse(line as string),
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function scrape({ prometheus }: TracedBackend): Promise<string[]> {
  const response = await fetch(prometheus!);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain');
  return (await response.text()).split('\n');
}

const prometheus = { host: '127.0.0.1', port: 0 };

it('Prometheus finds requests, tasks, connections, cache reads and the start', async () => {
  const backend = await start('shop', {
    serviceName: 'one',
    metrics: { prometheus: { ...prometheus, path: '/telemetry/all' } },
  });
  expect(new URL(backend.prometheus!).pathname).toBe('/telemetry/all');
  for (const path of ['items/1', 'items/2', 'broken', 'nothing'])
    await fetch(`${backend.url}/api/shop/${path}`);
  for (const random of ['x', 'y']) await fetch(`${backend.url}/api/${random}`);
  await fetch(`${backend.url}/api/shop/run`, { method: 'POST' });
  const lines = await scrape(backend);
  const valueOf = (name: string, ...labels: string[]) => {
    const found = lines.filter(
      line => line.startsWith(`${name}{`) && labels.every(label => line.includes(label)),
    );
    expect([name, labels, found.length]).toEqual([name, labels, 1]);
    return Number(/ (\S+)$/.exec(found[0]!)![1]);
  };
  const requests = 'http_server_request_duration_count';
  const ofShop = 'plugin="shop"';
  expect(
    valueOf(requests, ofShop, 'http_route="/api/shop/items/:id"', 'http_response_status_code="200"'),
  ).toBe(2);
  expect(valueOf(requests, ofShop, 'http_route="/api/shop/broken"', 'http_response_status_code="500"')).toBe(
    1,
  );
  expect(valueOf(requests, ofShop, 'http_route="/api/shop"', 'http_response_status_code="404"')).toBe(1);
  // What callers make up is no label.
  expect(lines.filter(line => /"(\/api\/)?[xy]"/.test(line))).toEqual([]);
  expect(valueOf('greenroom_task_duration_count', ofShop, 'task="once"', 'outcome="done"')).toBe(1);
  expect(valueOf('greenroom_cache_reads_total', ofShop, 'result="hit"')).toBe(2);
  expect(valueOf('greenroom_cache_reads_total', ofShop, 'result="miss"')).toBe(2);
  expect(valueOf('db_client_connection_count', 'state="idle"')).toBe(1);
  expect(valueOf('db_client_connection_max')).toBe(1);
  expect(valueOf('greenroom_startup_duration', 'outcome="success"')).toBeGreaterThan(0);
  expect(valueOf('greenroom_plugin_startup_duration', ofShop, 'status="started"')).toBeGreaterThan(0);
  expect(valueOf('words_total')).toBe(2);
  expect(valueOf('target_info', 'service_name="one"')).toBe(1);
  const elsewhere = new URL('/other', backend.prometheus);
  expect((await fetch(elsewhere)).status).toBe(404);
  await backend.stop();
}, 60_000);

it('a trace spans two backends, whose own starts are traces as well', async () => {
  const otlp = (signal: string) => ({
    otlp: { url: `${receiver.url}/v1/${signal}`, headers: { 'x-key': 'k' } },
  });
  const telemetry = (serviceName: string) => ({
    serviceName,
    traces: otlp('traces'),
    metrics: otlp('metrics'),
  });
  const back = await start('back', telemetry('back'));
  const front = await start('front', telemetry('front'), {
    discovery: { endpoints: [{ target: `${back.url}/api/{{pluginId}}`, plugins: ['back'] }] },
  });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const response = await fetch(`${front.url}/api/front/call/back`, {
    headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
  });
  expect(await response.json()).toEqual({ item: 7 });
  await front.stop();
  await back.stop();

  const trace = receiver.spans.filter(span => span.traceId === traceId);
  const named = (name: string) => trace.find(span => span.name === name)!;
  const [outer, inner, called] = ['GET /api/front/call/:target', 'calling', 'GET /api/back/items/:id'].map(
    named,
  );
  expect(trace.map(({ service, name }) => `${service}: ${name}`).sort()).toEqual([
    'back: GET /api/back/items/:id',
    'front: GET /api/front/call/:target',
    'front: calling',
  ]);
  expect([outer!.parentSpanId, inner!.parentSpanId, called!.parentSpanId]).toEqual([
    'b7ad6b7169203331',
    outer!.spanId,
    inner!.spanId,
  ]);
  expect(called!.attributes).toMatchObject({ 'url.path': '/api/back/items/7', plugin: 'back' });
  expect(
    JSON.stringify(trace, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
  ).not.toContain('hunter2');

  const ofStart = receiver.spans.filter(({ service, traceId: id }) => service === 'back' && id !== traceId);
  const root = ofStart.find(({ name }) => name === 'start')!;
  expect(root.parentSpanId).toBe('');
  const plugin = ofStart.find(span => span.attributes['greenroom.step'] === 'plugin')!;
  expect(plugin.attributes['greenroom.owner']).toBe('back');
  expect(plugin.start >= root.start && plugin.end <= root.end).toBe(true);
  expect(receiver.headers.every(headers => headers['x-key'] === 'k')).toBe(true);
  expect([...receiver.metrics.keys()]).toEqual(
    expect.arrayContaining(['http.server.request.duration', 'greenroom.startup.duration', 'words']),
  );
}, 60_000);

it('of the traces begun here the share that is configured is kept, and of those of callers what they keep', async () => {
  const otlp = { url: `${receiver.url}/v1/traces` };
  const backend = await start('sampled', { traces: { otlp, sampleRatio: 0 } });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const ask = (headers: Record<string, string>) => fetch(`${backend.url}/api/sampled/items/1`, { headers });
  for (let count = 0; count < 20; count++) await ask({});
  await ask({ traceparent: `00-${traceId}-b7ad6b7169203331-01` });
  await ask({ traceparent: `00-${traceId.replace('0', '1')}-b7ad6b7169203331-00` });
  await backend.stop();
  expect(receiver.spans.map(span => [span.traceId, span.name])).toEqual([
    [traceId, 'GET /api/sampled/items/:id'],
  ]);
}, 60_000);

it('a collector that is down is told of once, and keeps nobody from starting, serving or stopping', async () => {
  const otlp = { url: 'http://127.0.0.1:1/v1/metrics', interval: 200 };
  const backend = await start('alone', { metrics: { otlp } });
  const warnings = async () => {
    const response = await fetch(`${backend.url}/api/alone/warnings`);
    return (await response.json()) as string[];
  };
  while ((await warnings()).length === 0) await new Promise(resolve => setTimeout(resolve, 50));
  // Several times as often as it exports.
  for (let count = 0; count < 20; count++) await new Promise(resolve => setTimeout(resolve, 50));
  expect(await warnings()).toEqual([expect.stringMatching(/^OpenTelemetry: .*(timed out|ECONNREFUSED)/)]);
  const begin = performance.now();
  await backend.stop();
  expect(performance.now() - begin).toBeLessThan(15_000);
}, 60_000);

describe('with instrumentations that the process has registered', () => {
  // What is required comes before what is imported, so tsx is required as well.
  const args = ['--require', 'tsx/cjs', '--require', join(__dirname, 'programs', 'instrumentation.ts')];

  it('each request is one span, measured once, by its whole route, and all of it is exported at a stop', async () => {
    const backend = await start('shop', {}, {}, { args });
    for (const path of ['api/shop/items/1', 'api/shop/broken', 'api/shop/nothing', 'elsewhere', 'api/x'])
      await fetch(`${backend.url}/${path}`);
    await fetch(`${backend.url}/.backstage/health/v1/readiness`);
    expect(receiver.spans).toEqual([]);
    await backend.stop();

    // By the attribute that every span of a request has, whoever makes it.
    const requests = receiver.spans.filter(({ attributes }) => attributes['url.path'] !== undefined);
    expect(requests.map(({ name, exceptions }) => [name, ...exceptions])).toEqual([
      ['GET /api/shop/items/:id'],
      ['GET /api/shop/broken', 'broken'],
      ['GET /api/shop'],
      ['GET'],
      ['GET'],
      ['GET /.backstage/health/v1/readiness'],
    ]);
    expect(requests[0]!.attributes).toMatchObject({ plugin: 'shop', 'http.route': '/api/shop/items/:id' });
    expect([...receiver.metrics.get('http.server.request.duration')!]).toEqual([
      '@opentelemetry/instrumentation-http',
    ]);
    expect(receiver.spans.map(({ name }) => name)).toContain('start: shop');
  }, 60_000);

  it('requests are measured here where the process exports traces alone', async () => {
    const env = { OTEL_METRICS_EXPORTER: 'none' };
    const backend = await start('shop', { metrics: { prometheus } }, {}, { args, env });
    await fetch(`${backend.url}/api/shop/items/1`);
    expect(await scrape(backend)).toContainEqual(
      expect.stringMatching(/^http_server_request_duration_count\{.*http_route="\/api\/shop\/items\/:id"/),
    );
    await backend.stop();
  }, 60_000);

  it('a start that fails is exported too', async () => {
    await expect(start('failing', {}, {}, { args })).rejects.toThrow('The backend did not start');
    expect(receiver.spans.map(({ name }) => name)).toContain('start: failing');
    expect([...receiver.metrics.keys()]).toContain('greenroom.startup.duration');
  }, 60_000);
});
