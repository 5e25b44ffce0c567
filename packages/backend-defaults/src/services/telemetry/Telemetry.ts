// What the services of a backend measure and trace themselves with, as far as anybody listens.
import type { Meter, Tracer } from '@opentelemetry/api';

/**
 * Meter and tracer of the built-in metrics and spans. What nobody listens to is missing, so that nothing is spent on it.
 *
 * @public
 */
export interface Telemetry {
  meter?: Meter;
  tracer?: Tracer;
  /** Whether instrumentations that the process has registered measure with the same SDK. Default: `false`. */
  isMeterShared?: boolean;
  /** Masks the secrets of the configuration in a text. Default: nothing is masked. */
  redact?: (text: string) => string;
}

/** The instrumentation scope of what Greenroom measures by itself. */
export const instrumentationScope = 'greenroom';

/** Milliseconds that a stop waits for the last export: a collector that is down is asked again and again. */
export const stopTimeout = 3_000;

/** What `@opentelemetry/api` keeps the registered SDK under; looked at here so that it need not be loaded where there is none. */
const apiGlobal = Symbol.for('opentelemetry.js.api.1');

/** Whether an SDK was registered; who asks before telemetry has started is told of those alone that were there before. */
export function isSdkRegistered(): boolean {
  return apiGlobal in globalThis;
}

/** The telemetry of an SDK that was registered before the backend started, by `node --require` say. */
export async function telemetryOfProcess(): Promise<Telemetry> {
  if (!isSdkRegistered()) return {};
  const { createNoopMeter, metrics, ProxyTracerProvider, trace } = await import('@opentelemetry/api');
  const meter = metrics.getMeter(instrumentationScope);
  const provider = trace.getTracerProvider();
  const traces =
    !(provider instanceof ProxyTracerProvider) ||
    provider.getDelegateTracer(instrumentationScope) !== undefined;
  return {
    ...(meter !== createNoopMeter() && { meter, isMeterShared: true }),
    ...(traces && { tracer: trace.getTracer(instrumentationScope) }),
  };
}
