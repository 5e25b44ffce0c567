// Carries the trace of a publisher to subscribers in other instances.
import { context, propagation, ROOT_CONTEXT, SpanKind, type Tracer } from '@opentelemetry/api';

/** Headers such as `traceparent`. */
export type TraceCarrier = Record<string, string>;

/** Puts events and their processing into one trace. */
export class EventTracing {
  readonly #tracer: Tracer;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** What to send along with an event that is being published. */
  carrier(): TraceCarrier {
    const carrier: TraceCarrier = {};
    propagation.inject(context.active(), carrier);
    return carrier;
  }

  /** Runs work outside of any trace. Otherwise, callbacks of a connection would forever belong to the trace that opened it. */
  outside<T>(work: () => T): T {
    return context.with(ROOT_CONTEXT, work);
  }

  /** Runs a subscriber, which reports its own failures, in a span of the publisher's trace. */
  receive(
    { subscriber, topic, carrier }: { subscriber: string; topic: string; carrier?: TraceCarrier },
    work: () => Promise<void>,
  ): Promise<void> {
    const attributes = { 'messaging.destination.name': topic, 'messaging.consumer.group.name': subscriber };
    const options = { kind: SpanKind.CONSUMER, attributes };
    const caller = propagation.extract(ROOT_CONTEXT, carrier ?? {});
    return this.#tracer.startActiveSpan(`process ${topic}`, options, caller, span =>
      work().finally(() => span.end()),
    );
  }
}
