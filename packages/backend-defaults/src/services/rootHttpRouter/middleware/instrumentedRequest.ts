// What an instrumentation of node:http, if the process has registered one, knows about the current request.
import { context, createContextKey, type Span } from '@opentelemetry/api';

/** The instrumentation owns the span, measures the duration, and names both by `route`, which others have to set. */
export interface InstrumentedRequest {
  readonly span: Span;
  route?: string;
}

/** The key in `@opentelemetry/core` by which its instrumentations exchange this. */
const key = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA');

/** Undefined if no instrumentation has made a span for the current request. */
export function instrumentedRequest(): InstrumentedRequest | undefined {
  return context.active().getValue(key) as InstrumentedRequest | undefined;
}
