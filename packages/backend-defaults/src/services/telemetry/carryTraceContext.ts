// Sends the current trace along with what this process fetches, so that the spans of other backends join it.
import { context, propagation } from '@opentelemetry/api';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** The part of a request of Node's `fetch` that is used here. */
interface FetchRequest {
  addHeader(name: string, value: string): unknown;
}

const channel = 'undici:request:create';
const setter = {
  set: (request: FetchRequest, name: string, value: string) => void request.addHeader(name, value),
};

/** Starts this for every caller of `fetch`, whether it knows about tracing or not. Returns a function that stops it. */
export function carryTraceContext(): () => void {
  const inject = (message: unknown) =>
    propagation.inject(context.active(), (message as { request: FetchRequest }).request, setter);
  subscribe(channel, inject);
  return () => void unsubscribe(channel, inject);
}
