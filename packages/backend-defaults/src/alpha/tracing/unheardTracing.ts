// Tracing for a process without an OpenTelemetry SDK: work runs without spans, and the API is not loaded.
import type {
  TracingService,
  TracingServiceContext,
  TracingServiceSpan,
} from '@greenroom/backend-plugin-api/alpha';

const context: TracingServiceContext = Object.freeze({ $$type: '@backstage/TracingServiceContext' });
const span: TracingServiceSpan = { setAttribute() {}, setStatus() {} };

/** Spans and contexts that are discarded. */
export const unheardTracing: TracingService = {
  context: { active: () => context, with: async (_context, work) => work() },
  propagation: { extract: given => given, getBaggage: () => undefined, getActiveBaggage: () => undefined },
  startActiveSpan: async <T>(_name: string, ...rest: unknown[]): Promise<T> =>
    (rest.at(-1) as (span: TracingServiceSpan) => T | Promise<T>)(span),
};
