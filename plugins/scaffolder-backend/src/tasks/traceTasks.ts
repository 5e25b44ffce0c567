// Puts every run of a task into a trace of its own.
import type { TracingService, TracingServiceSpan } from '@greenroom/backend-plugin-api/alpha';
import type { TaskRow } from '../database/TaskRow';
import type { TaskSpec } from '../templates/TaskSpec';

/**
 * Gives the function to run tasks with. Called where no trace is under way: the queue calls back in the trace that its
 * connection was made in, which would have all tasks in it, for ever.
 */
export function traceTasks(
  tracing: TracingService,
): <T>(row: TaskRow, run: (span: TracingServiceSpan) => Promise<T>) => Promise<T> {
  const outside = tracing.context.active();
  return ({ id, spec }, run) => {
    const template = templateOf(JSON.parse(spec) as TaskSpec);
    const attributes = { 'scaffolder.task.id': id, 'scaffolder.template': template };
    return tracing.context.with(outside, () =>
      tracing.startActiveSpan(`task ${template}`.trim(), { attributes }, run),
    );
  };
}

/** The reference of the template, empty where there is none. */
export function templateOf({ templateInfo }: TaskSpec): string {
  return templateInfo?.entityRef ?? '';
}
