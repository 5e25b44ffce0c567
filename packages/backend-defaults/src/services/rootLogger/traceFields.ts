// Tells in which trace an entry was written, if there is one.
import type * as OpenTelemetryApi from '@opentelemetry/api';
import { createRequire } from 'node:module';
import { isSdkRegistered } from '../telemetry/Telemetry';

let api: typeof OpenTelemetryApi | undefined;

/** Returns a new object each time, because pino adds to it. The names are those of OpenTelemetry's instrumentations. */
export function traceFields(): { trace_id?: string; span_id?: string; trace_flags?: string } {
  if (!isSdkRegistered()) return {};
  api ??= createRequire(__filename)('@opentelemetry/api') as typeof OpenTelemetryApi;
  const { trace, isSpanContextValid } = api;
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !isSpanContextValid(span)) return {};
  return {
    trace_id: span.traceId,
    span_id: span.spanId,
    trace_flags: span.traceFlags.toString(16).padStart(2, '0'),
  };
}
