// A tracing service for tests: keeps the spans that are begun, and reads baggage from headers.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServiceFactory, type ServiceFactory } from '@greenroom/backend-plugin-api';
import {
  tracingServiceRef,
  type TracingService,
  type TracingServiceAttributeValue,
  type TracingServiceBaggage,
  type TracingServiceContext,
  type TracingServiceContextAPI,
  type TracingServicePropagationAPI,
  type TracingServiceSpan,
  type TracingServiceSpanStatus,
} from '@greenroom/backend-plugin-api/alpha';
import { assertJest } from '../assertJest';

/**
 * A span whose methods are mocks.
 *
 * @alpha
 */
export interface MockedTracingServiceSpan extends TracingServiceSpan {
  setAttribute: jest.Mock<void, [string, TracingServiceAttributeValue]>;
  setStatus: jest.Mock<void, [TracingServiceSpanStatus]>;
}

/**
 * `context` of a {@link TracingServiceMock}.
 *
 * @alpha
 */
export interface MockedTracingServiceContextAPI extends TracingServiceContextAPI {
  active: jest.MockedFunction<TracingServiceContextAPI['active']>;
  with: jest.MockedFunction<TracingServiceContextAPI['with']>;
}

/**
 * `propagation` of a {@link TracingServiceMock}.
 *
 * @alpha
 */
export interface MockedTracingServicePropagationAPI extends TracingServicePropagationAPI {
  extract: jest.MockedFunction<TracingServicePropagationAPI['extract']>;
  getBaggage: jest.MockedFunction<TracingServicePropagationAPI['getBaggage']>;
  getActiveBaggage: jest.MockedFunction<TracingServicePropagationAPI['getActiveBaggage']>;
}

/**
 * A tracing service that tests can inspect. `propagation.extract` only reads the `baggage` header. `startActiveSpan`
 * uses its options unchanged and does not resolve credentials.
 *
 * @alpha
 */
export interface TracingServiceMock extends TracingService {
  startActiveSpan: jest.MockedFunction<TracingService['startActiveSpan']>;
  context: MockedTracingServiceContextAPI;
  propagation: MockedTracingServicePropagationAPI;
  /** All spans, in the order in which they were started. */
  spans: MockedTracingServiceSpan[];
  factory: ServiceFactory<TracingService>;
}

type BaggageEntries = ReturnType<TracingServiceBaggage['getAllEntries']>;

/** Creates a tracing mock without spans. */
export function createMockTracing(): TracingServiceMock {
  assertJest();
  const spans: MockedTracingServiceSpan[] = [];
  const baggages = new WeakMap<TracingServiceContext, BaggageEntries>();
  const storage = new AsyncLocalStorage<TracingServiceContext>();
  const newContext = (): TracingServiceContext => ({ $$type: '@backstage/TracingServiceContext' });
  const rootContext = newContext();
  const active = () => storage.getStore() ?? rootContext;
  const baggageOf = (context: TracingServiceContext): TracingServiceBaggage | undefined => {
    const entries = baggages.get(context);
    return entries && { getAllEntries: () => entries };
  };

  const startActiveSpan = async (_name: string, ...rest: unknown[]) => {
    const span = { setAttribute: jest.fn(), setStatus: jest.fn() };
    spans.push(span);
    const work = rest.at(-1) as (span: TracingServiceSpan) => unknown;
    return work(span);
  };
  const service = {
    spans,
    startActiveSpan: jest.fn(startActiveSpan) as unknown as TracingServiceMock['startActiveSpan'],
    context: {
      active: jest.fn(active),
      with: jest.fn(async (context: TracingServiceContext, work: () => unknown) =>
        storage.run(context, work),
      ) as unknown as MockedTracingServiceContextAPI['with'],
    },
    propagation: {
      extract: jest.fn((context, carrier) => {
        const header = carrier.baggage;
        const entries = readBaggage(Array.isArray(header) ? header.join(',') : header);
        if (entries.length === 0) return context;
        const extracted = newContext();
        baggages.set(extracted, entries);
        return extracted;
      }) as MockedTracingServicePropagationAPI['extract'],
      getBaggage: jest.fn(baggageOf),
      getActiveBaggage: jest.fn(() => baggageOf(active())),
    },
  };
  const factory = createServiceFactory({
    service: tracingServiceRef,
    deps: {},
    factory: (): TracingService => service,
  });
  return { ...service, factory };
}

/**
 * Entries of a W3C baggage header, read like by OpenTelemetry: the last one of a key counts, and those that can't be
 * decoded or have no value are ignored. Their properties are left out.
 */
function readBaggage(header = ''): BaggageEntries {
  const values = new Map<string, string>();
  for (const entry of header.split(',')) {
    const [, key = '', value = ''] = /^([^=;]*)=([^;]*)/.exec(entry) ?? [];
    try {
      if (key.trim() && value.trim()) values.set(decoded(key), decoded(value));
    } catch {
      // Not a valid escape.
    }
  }
  return [...values].map(([key, value]) => [key, { value }]);
}

function decoded(text: string): string {
  return decodeURIComponent(text.trim());
}
