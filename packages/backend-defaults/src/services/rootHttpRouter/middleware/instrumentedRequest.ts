// What an instrumentation of node:http, which a process may have registered, knows of the request that is handled.
import { context, createContextKey, type Span } from '@opentelemetry/api';

/** It makes and ends the span, measures how long the request took, and names both by `route`, which others have to tell. */
export interface InstrumentedRequest {
  readonly span: Span;
  route?: string;
}

/** The key of `@opentelemetry/core`, by which its instrumentations tell each other. */
const key = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA');

/** `undefined` where no instrumentation has made a span of the current request. */
export function instrumentedRequest(): InstrumentedRequest | undefined {
  return context.active().getValue(key) as InstrumentedRequest | undefined;
}
