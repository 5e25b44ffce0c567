// The errors of the scheduler, and the reasons for aborting the signals of tasks.
import { ConflictError, NotFoundError } from '@backstage/errors';
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** The error for a task that can't be triggered or cancelled. */
export function refusal(id: string, state: 'missing' | 'running' | 'idle'): Error {
  if (state === 'missing') return new NotFoundError(`There is no task '${id}'`);
  return new ConflictError(`The task '${id}' is ${state === 'running' ? 'running already' : 'not running'}`);
}

/** A task's definition is invalid. */
export class InvalidTaskError extends GreenroomError {
  constructor(id: string | undefined, problem: string, options: { hint: string; cause?: unknown }) {
    super({
      code: 'GR_TASK_INVALID',
      message: `${id === undefined ? 'A task schedule' : `The task '${id}'`} ${problem}`,
      ...options,
    });
  }
}

/** A plugin schedules two tasks with the same id. */
export class DuplicateTaskError extends GreenroomError {
  constructor(id: string, pluginId: string) {
    super({
      code: 'GR_TASK_DUPLICATE',
      message: `The task '${id}' of plugin '${pluginId}' is scheduled already`,
      hint: 'Give each task of a plugin an id of its own, or end the first one through its signal before.',
    });
  }
}

/** A run took longer than the timeout of its task. */
export class TaskTimeoutError extends GreenroomError {
  constructor(id: string, timeoutMs: number) {
    super({
      code: 'GR_TASK_TIMEOUT',
      message: `The task '${id}' ran for longer than its timeout of ${timeoutMs} ms`,
      hint: 'Find out what it waits for, or raise its timeout.',
    });
  }
}

/** A run was cancelled by a call or a request. */
export class TaskCancelledError extends GreenroomError {
  constructor(id: string) {
    super({
      code: 'GR_TASK_CANCELLED',
      message: `The current run of task '${id}' was cancelled`,
      hint: 'It runs again at its next time.',
    });
  }
}

/** A run was cut short because its backend stops, or because its schedule was ended. */
export class TaskStoppedError extends GreenroomError {
  constructor(id: string, why: string) {
    super({
      code: 'GR_TASK_STOPPED',
      message: `The current run of task '${id}' was ended because ${why}`,
      hint: 'Another instance, or this one after its start, runs it again.',
    });
  }
}
