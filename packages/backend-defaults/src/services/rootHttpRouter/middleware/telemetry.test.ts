// What a request is told of as, and in which trace, where an SDK of the process listens.
import { NotAllowedError } from '@backstage/errors';
import { SpanKind, context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import express from 'express';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createTelemetryMiddleware } from './telemetry';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = provider.getTracer('test');
let server: Server;

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});
afterAll(() => {
  context.disable();
  propagation.disable();
});
afterEach(() => {
  exporter.reset();
  server.closeAllConnections();
  server.close();
});

async function listen(before: express.RequestHandler = (_req, _res, next) => next()): Promise<string> {
  const app = express();
  const telemetry = await createTelemetryMiddleware({ tracer }, id => id === 'shop');
  app.use(before, telemetry!.measure);
  app.get('/api/shop/things/:id', (_req, res) => res.send('thing'));
  app.get('/api/shop/hangs', () => {});
  app.get('/api/shop/fails', () => {
    throw new Error('why');
  });
  app.get('/api/shop/refuses', () => {
    throw new NotAllowedError('no');
  });
  const prices = express.Router({ mergeParams: true }).get('/prices/:year', (_req, res) => res.send('1'));
  app.use('/api/shop/things/:id', prices);
  const seats = () => express.Router().get('/seats/:seat', (_req, res) => res.send('a seat'));
  app.use('/api/shop/:hall', (_req, _res, next) => next());
  app.use('/api/shop/halls/:hall', express.Router().use('/rows/:row', seats()));
  app.use(/\/api\/shop\/boxes\/(\d+)/, seats());
  app.get('/api/other/:id', (_req, res) => res.status(500).send('broken'));
  const answer: express.ErrorRequestHandler = (_error, _req, res, _next) => void res.status(500).end();
  app.use(telemetry!.recordError, answer);
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function spans(count: number) {
  while (exporter.getFinishedSpans().length < count) await new Promise(setImmediate);
  return exporter.getFinishedSpans();
}

it('is a span by its route, which continues the trace of the caller', async () => {
  const url = await listen();
  await fetch(`${url}/api/shop/things/7?token=secret`, {
    headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  });
  const [span] = await spans(1);
  expect(span).toMatchObject({
    name: 'GET /api/shop/things/:id',
    kind: SpanKind.SERVER,
    parentSpanContext: { spanId: 'b7ad6b7169203331' },
    attributes: {
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/api/shop/things/:id',
      'url.path': '/api/shop/things/7',
      plugin: 'shop',
    },
  });
  expect(span!.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
});

it('is a part of the span that an instrumentation of the process has made', async () => {
  const outer = tracer.startSpan('from the instrumentation');
  const url = await listen((_req, _res, next) => context.with(trace.setSpan(context.active(), outer), next));
  await fetch(`${url}/api/shop/things/7`, {
    headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  });
  const [span] = await spans(1);
  expect(span).toMatchObject({
    kind: SpanKind.INTERNAL,
    parentSpanContext: { spanId: outer.spanContext().spanId },
  });
});

it('names the parameters of routers in routers, also where their values are the same', async () => {
  const url = await listen();
  await fetch(`${url}/api/shop/things/7/prices/7`);
  expect((await spans(1))[0]!.name).toBe('GET /api/shop/things/:id/prices/:year');
});

it.each([
  ['halls/7/rows/a%20b/seats/rows', 'halls/:hall/rows/:row/seats/:seat'],
  ['boxes/7/seats/7', 'boxes/:0/seats/:seat'],
])(
  'names the parameters of routers that do not pass them on, and what expressions find: %s',
  async (path, route) => {
    const url = await listen();
    await fetch(`${url}/api/shop/${path}`);
    expect((await spans(1))[0]!.name).toBe(`GET /api/shop/${route}`);
  },
);

it('knows a plugin and its paths in any case, and names them in one', async () => {
  const url = await listen();
  await fetch(`${url}/API/Shop/things/7/prices/7`);
  await fetch(`${url}/API/Shop/HALLS/A7/roWs/B8/Seats/9`);
  const [span, nested] = await spans(2);
  expect(span!.name).toBe('GET /api/shop/things/:id/prices/:year');
  expect(span!.attributes).toMatchObject({ plugin: 'shop' });
  expect(nested!.name).toBe('GET /api/shop/halls/:hall/rows/:row/seats/:seat');
});

it('has an error where the answer is one, and where the client went away', async () => {
  const url = await listen();
  await fetch(`${url}/api/other/7`);
  expect((await spans(1))[0]!.attributes).toMatchObject({
    'error.type': '500',
    'http.route': '/api/other/:id',
  });
  expect((await spans(1))[0]!.attributes).not.toHaveProperty('plugin');
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /api/shop/hangs HTTP/1.1\r\nhost: a\r\n\r\n');
  await once(server, 'request');
  socket.destroy();
  const [, aborted] = await spans(2);
  expect(aborted!.attributes).toMatchObject({ 'error.type': 'aborted', plugin: 'shop' });
  expect(aborted!.attributes).not.toHaveProperty('http.response.status_code');
});

it('tells what failed, and nothing of what was refused', async () => {
  const url = await listen();
  for (const path of ['fails', 'refuses']) await fetch(`${url}/api/shop/${path}`);
  const [failed, refused] = await spans(2);
  expect(failed!.events).toEqual([
    expect.objectContaining({
      name: 'exception',
      attributes: expect.objectContaining({ 'exception.message': 'why' }),
    }),
  ]);
  expect(refused!.events).toEqual([]);
});
