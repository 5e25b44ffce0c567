// When the backend stops, exports what an SDK of the process still holds.
import { metrics, trace } from '@opentelemetry/api';
import { withDeadline } from '../../remote/withDeadline';
import { stopTimeout } from './Telemetry';

/** What the providers of all signals have in an SDK. Those of `@opentelemetry/api` itself have nothing to export. */
interface Provider {
  getDelegate?(): Provider;
  forceFlush?(): Promise<void>;
}

/** Where `@opentelemetry/api-logs` stores its provider, by the version of its interface. */
const logsGlobal = Symbol.for('io.opentelemetry.js.api.logs');

/** An SDK does so by itself only if the process ends because it has no work left. Never rejects: the SDK reports problems. */
export async function flushSdkOfProcess(): Promise<void> {
  const logs = (globalThis as { [logsGlobal]?: (version: number) => Provider })[logsGlobal]?.(1);
  const providers = [trace.getTracerProvider() as Provider, metrics.getMeterProvider() as Provider, logs];
  const flushes = providers.map(async provider => (provider?.getDelegate?.() ?? provider)?.forceFlush?.());
  await withDeadline(Promise.allSettled(flushes), stopTimeout).catch(() => {});
}
