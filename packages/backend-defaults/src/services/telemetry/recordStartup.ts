// Records how a start went, as spans and as metrics.
import type { BackendStartupResult, StartupSpan } from '@greenroom/backend-app-api';
import {
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { Telemetry } from './Telemetry';

/** Records the result of a start: a trace of its steps, and the durations of the whole start and of each plugin. */
export function recordStartup({ meter, tracer }: Telemetry, result: BackendStartupResult): void {
  if (meter) {
    const unit = { unit: 's' };
    meter
      .createGauge('greenroom.startup.duration', { ...unit, description: 'How long the last start took' })
      .record(result.durationMs / 1_000, { outcome: result.outcome });
    const plugins = meter.createGauge('greenroom.plugin.startup.duration', {
      ...unit,
      description: 'How long each plugin took in the last start',
    });
    for (const { pluginId, status, durationMs } of result.plugins) {
      plugins.record(durationMs / 1_000, { plugin: pluginId, status });
    }
  }
  if (tracer) {
    recordSpans(tracer, result);
  }
}

function recordSpans(tracer: Tracer, result: BackendStartupResult): void {
  const begin = result.beginAt.getTime();
  const failed = new Set(result.plugins.flatMap(({ pluginId, failure }) => (failure ? [pluginId] : [])));
  const contexts = new Map<number, Context>();
  const nameOf = ({ kind, name }: StartupSpan) => (kind === 'start' ? 'start' : `start: ${name}`);
  const open: Array<[Span, StartupSpan]> = [];
  // A span comes after its parent.
  for (const step of result.spans) {
    const { id, kind, owner, start, parent } = step;
    const around = (parent !== undefined && contexts.get(parent)) || ROOT_CONTEXT;
    const span = tracer.startSpan(
      nameOf(step),
      { startTime: begin + start, attributes: { 'greenroom.step': kind, 'greenroom.owner': owner } },
      around,
    );
    if (kind === 'plugin' ? failed.has(owner) : kind === 'start' && result.outcome === 'failure') {
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    contexts.set(id, trace.setSpan(around, span));
    open.push([span, step]);
  }
  for (const [span, { end }] of open) {
    span.end(begin + (end ?? result.durationMs));
  }
}
