// OpenTelemetry contexts and baggage, behind opaque handles.
import type {
  TracingServiceBaggage,
  TracingServiceContext,
  TracingServiceContextAPI,
  TracingServicePropagationAPI,
} from '@greenroom/backend-plugin-api/alpha';
import { context, propagation, type Baggage, type Context } from '@opentelemetry/api';

const contexts = new WeakMap<TracingServiceContext, Context>();

/** Reads and sets the context that new spans belong to. */
export const contextApi: TracingServiceContextAPI = {
  active: () => handleOf(context.active()),
  with: async (handle, work) => context.with(contextOf(handle), work),
};

/** Reads contexts and baggage sent by callers. */
export const propagationApi: TracingServicePropagationAPI = {
  extract: (handle, carrier) => handleOf(propagation.extract(contextOf(handle), carrier)),
  getBaggage: handle => readOnly(propagation.getBaggage(contextOf(handle))),
  getActiveBaggage: () => readOnly(propagation.getActiveBaggage()),
};

function handleOf(inner: Context): TracingServiceContext {
  const handle: TracingServiceContext = Object.freeze({ $$type: '@backstage/TracingServiceContext' });
  contexts.set(handle, inner);
  return handle;
}

function contextOf(handle: TracingServiceContext): Context {
  const inner = contexts.get(handle);
  if (!inner) {
    throw new TypeError(
      'This is not a context of the tracing service: pass back what context.active() or propagation.extract() returned',
    );
  }
  return inner;
}

function readOnly(baggage: Baggage | undefined): TracingServiceBaggage | undefined {
  return (
    baggage && {
      getAllEntries: () => baggage.getAllEntries().map(([key, { value }]) => [key, { value }]),
    }
  );
}
