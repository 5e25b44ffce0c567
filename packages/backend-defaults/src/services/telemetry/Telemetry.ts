// What the services of a backend measure and trace themselves with, if anybody listens.
import type { Meter, Tracer } from '@opentelemetry/api';

/**
 * The meter and tracer for built-in metrics and spans. Undefined if nobody listens, so that nothing is spent on them.
 *
 * @public
 */
export interface Telemetry {
  meter?: Meter;
  tracer?: Tracer;
  /** Whether instrumentations that the process has registered use the same SDK for metrics. Default: `false`. */
  isMeterShared?: boolean;
  /** Masks the secrets of the configuration in a text. Default: nothing is masked. */
  redact?: (text: string) => string;
}

/** The instrumentation scope of Greenroom's own metrics and spans. */
export const instrumentationScope = 'greenroom';

/** How many milliseconds a stop waits for the last export, because exports to an unreachable collector are retried. */
export const stopTimeout = 3_000;

/** Where `@opentelemetry/api` stores the registered SDK. Read directly, so that the package is not loaded if there is none. */
const apiGlobal = Symbol.for('opentelemetry.js.api.1');

/** Whether an SDK is registered. Before telemetry has started, this can only be one that the process came with. */
export function isSdkRegistered(): boolean {
  return apiGlobal in globalThis;
}

/** The telemetry of an SDK that was registered before the backend started, for example by `node --require`. */
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
