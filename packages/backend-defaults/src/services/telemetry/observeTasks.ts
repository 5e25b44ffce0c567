// Measures and traces the runs of scheduled tasks.
import type { SchedulerServiceTaskFunction } from '@greenroom/backend-plugin-api';
import { exceptionOf } from './exceptionOf';
import type { Telemetry } from './Telemetry';

/** Returns the function to run instead of the task's own. */
export type ObserveTask = (
  task: { id: string; scope: 'global' | 'local' },
  fn: SchedulerServiceTaskFunction,
) => SchedulerServiceTaskFunction;

/** Undefined if nobody listens. */
export async function observeTasks(telemetry: Telemetry, pluginId: string): Promise<ObserveTask | undefined> {
  const { meter, tracer } = telemetry;
  if (!meter && !tracer) return undefined;
  const { SpanStatusCode } = await import('@opentelemetry/api');
  const duration = meter?.createHistogram('greenroom.task.duration', {
    unit: 's',
    description: 'How long runs of tasks took',
    advice: { explicitBucketBoundaries: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600] },
  });
  return ({ id, scope }, fn) => {
    const attributes = { plugin: pluginId, task: id, scope };
    const measured: SchedulerServiceTaskFunction = async signal => {
      const begin = performance.now();
      let outcome = 'failed';
      try {
        await fn(signal);
        outcome = signal.aborted ? 'aborted' : 'done';
      } finally {
        duration?.record((performance.now() - begin) / 1_000, { ...attributes, outcome });
      }
    };
    if (!tracer) return measured;
    return signal =>
      tracer.startActiveSpan(`task ${id}`, { root: true, attributes }, async span => {
        try {
          await measured(signal);
        } catch (error) {
          span.recordException(exceptionOf(error, telemetry));
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      });
  };
}
