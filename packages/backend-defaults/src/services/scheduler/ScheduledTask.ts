// A task as held by the scheduler, its progress, and the report on the end of a run.
import { toError } from '@backstage/errors';
import type { LoggerService, SchedulerServiceTaskFunction } from '@greenroom/backend-plugin-api';
import { errorAsJson } from '../../errorAsJson';
import { TaskCancelledError, TaskStoppedError } from './schedulerErrors';
import type { TaskRunOutcome } from './TaskRun';
import type { TaskSchedule } from './TaskSchedule';

/** What to run, and when. */
export interface ScheduledTask {
  id: string;
  fn: SchedulerServiceTaskFunction;
  schedule: TaskSchedule;
}

/** The progress of a task. Times are milliseconds since 1970. */
export interface TaskProgress {
  running: boolean;
  startedAt?: number;
  nextRunAt?: number;
  lastEndedAt?: number;
  /** The error of the last run, as JSON. */
  lastError?: string;
  /** What this instance is doing about the task. */
  worker: 'initial-wait' | 'idle' | 'running';
}

/** Logs the end of a run. Returns its error as JSON, if it failed. */
export function reportOutcome(
  id: string,
  outcome: TaskRunOutcome,
  logger: LoggerService,
): string | undefined {
  const { error, abandoned } = outcome;
  if (abandoned) {
    logger.warn(
      `The task '${id}' has not returned after its signal was aborted, and may still be running. Pass the signal on to what it waits for.`,
    );
  }
  if (error === undefined || error instanceof TaskStoppedError) {
    return undefined;
  }
  if (error instanceof TaskCancelledError) {
    logger.info(error.what);
  } else {
    logger.error(`The task '${id}' failed, and runs again on schedule`, toError(error));
  }
  return JSON.stringify(errorAsJson(toError(error)));
}
