// Spans recorded by a real OpenTelemetry SDK.
import { ConfigReader } from '@backstage/config';
import { AuthenticationError } from '@backstage/errors';
import type { TracingServiceSpanOptions } from '@greenroom/backend-plugin-api/alpha';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { credentialsOf, userCredentials } from '../../testing/standInAuth';
import { readInstrumentationScope } from '../InstrumentationScope';
import { readCaptureEndUser } from './config';
import { OtelTracing } from './OtelTracing';

const exporter = new InMemorySpanExporter();
const asked = jest.fn();

function makeTracing(config: object = {}) {
  const reader = new ConfigReader({ backend: { tracing: config as never } });
  return new OtelTracing({
    scope: readInstrumentationScope('tracing', reader, 'things'),
    captureEndUser: readCaptureEndUser(reader),
    httpAuth: {
      credentials: async (request, options) => {
        asked(options);
        if (!request.headers?.authorization) {
          throw new AuthenticationError('No credentials');
        }
        return userCredentials('jo') as never;
      },
    },
  });
}

// Made before an SDK is there, as by a plugin that starts before one is registered.
const early = makeTracing();
const capturing = () => makeTracing({ capture: { endUser: true } });

beforeAll(async () => {
  expect(await early.startActiveSpan('without an SDK', async () => 'done')).toBe('done');
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
});

afterAll(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

beforeEach(() => {
  exporter.reset();
  asked.mockClear();
});

it('runs work in spans that nest, over what is awaited', async () => {
  const result = await early.startActiveSpan('outer', async outer => {
    outer.setAttribute('color', 'red');
    await Promise.resolve();
    return early.startActiveSpan('inner', { kind: 'client', attributes: { size: 1 } }, inner => {
      inner.setStatus({ code: 'ok' });
      return 7;
    });
  });
  expect(result).toBe(7);
  const [inner, outer] = exporter.getFinishedSpans();
  expect(outer).toMatchObject({
    name: 'outer',
    kind: SpanKind.INTERNAL,
    attributes: { color: 'red' },
    instrumentationScope: { name: 'backstage-plugin-things' },
  });
  expect(inner).toMatchObject({
    name: 'inner',
    kind: SpanKind.CLIENT,
    attributes: { size: 1 },
    status: { code: SpanStatusCode.OK },
    parentSpanContext: { spanId: outer!.spanContext().spanId },
  });
});

it.each([
  ['throws', () => fail()],
  ['rejects', async () => fail()],
])('ends the span of work that %s, and throws on', async (_, work) => {
  await expect(early.startActiveSpan('bad', work)).rejects.toThrow('no luck');
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({
    ended: true,
    status: { code: SpanStatusCode.ERROR, message: 'no luck' },
    events: [{ name: 'exception', attributes: { 'exception.message': 'no luck' } }],
  });
});

function fail(): never {
  throw new Error('no luck');
}

const request = (authorization?: string) =>
  ({ headers: { authorization } }) as unknown as TracingServiceSpanOptions['request'];
const service = credentialsOf({ type: 'service', subject: 'plugin:catalog' });

it.each<[string, TracingServiceSpanOptions, string | undefined, number]>([
  ['the user of credentials', { credentials: userCredentials('ann') }, 'user:default/ann', 0],
  ['a service', { credentials: service }, 'plugin:catalog', 0],
  ['nobody', { credentials: credentialsOf({ type: 'none' }) }, undefined, 0],
  ['the user of a request', { request: request('Bearer x') }, 'user:default/jo', 1],
  ['a request without valid credentials', { request: request() }, undefined, 1],
  [
    'credentials before a request',
    { request: request('Bearer x'), credentials: service },
    'plugin:catalog',
    0,
  ],
  ['neither', {}, undefined, 0],
])('says whom a span is for where that is switched on: %s', async (_, options, endUser, requests) => {
  await capturing().startActiveSpan('work', options, () => undefined);
  await early.startActiveSpan('work', options, () => undefined);
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ attributes }) => attributes)).toEqual([endUser ? { 'enduser.id': endUser } : {}, {}]);
  expect(asked).toHaveBeenCalledTimes(requests);
});

it('takes the trace and the baggage of a caller', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const carrier = {
    traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    baggage: 'tenant=acme;ttl=1,color=red',
  };
  const caller = early.propagation.extract(early.context.active(), carrier);
  const entries = [
    ['tenant', { value: 'acme' }],
    ['color', { value: 'red' }],
  ];
  expect(early.propagation.getBaggage(caller)!.getAllEntries()).toEqual(entries);
  expect(early.propagation.getActiveBaggage()).toBeUndefined();
  await early.context.with(caller, async () => {
    await Promise.resolve();
    expect(early.propagation.getActiveBaggage()!.getAllEntries()).toEqual(entries);
    await early.startActiveSpan('called', () => undefined);
  });
  expect(exporter.getFinishedSpans()[0]!.spanContext().traceId).toBe(traceId);
  expect(JSON.stringify(caller)).toBe('{"$$type":"@backstage/TracingServiceContext"}');
  const foreign = { $$type: '@backstage/TracingServiceContext' } as const;
  await expect(early.context.with(foreign, () => undefined)).rejects.toThrow(
    'not a context of the tracing service',
  );
});

it('takes the name of the tracer from the configuration', () => {
  const tracer = { name: 'acme', version: '2', schemaUrl: 'https://example.com/schema' };
  const config = new ConfigReader({ backend: { tracing: { plugin: { things: { tracer } } } } });
  expect(readInstrumentationScope('tracing', config, 'things')).toEqual(tracer);
});
