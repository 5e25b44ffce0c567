// The reasons why a task can't be run or continued.
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';

/** The task does not exist, or the caller may not see it. */
export class TaskNotFoundError extends NotFoundError {
  readonly code = 'GR_SCAFFOLDER_NOT_FOUND';

  constructor(taskId: string) {
    super(`There is no task '${taskId}'`);
  }
}

/** The operation does not make sense in the current state of the task. */
export class TaskStateError extends ConflictError {
  readonly code = 'GR_SCAFFOLDER_STATE';

  constructor(taskId: string, attempted: 'cancelled' | 'retried', status: string) {
    const hint =
      attempted === 'retried' ? 'only one that failed or was cancelled can be started again' : 'it has ended';
    super(`The task '${taskId}' can not be ${attempted}: it is ${status}, and ${hint}`);
  }
}

/** A retry needs the secrets again, because they are deleted when a task ends. */
export class SecretsMissingError extends InputError {
  readonly code = 'GR_SCAFFOLDER_SECRETS_MISSING';

  constructor(taskId: string, names: readonly string[]) {
    super(
      `The task '${taskId}' was created with secrets, which are dropped when a task ends. ` +
        `Send them again, as 'secrets' in the body: ${names.join(', ')}`,
    );
  }
}

/** Somebody has cancelled the task. */
export class TaskCancelledError extends Error {
  override readonly name = 'TaskCancelledError';
  readonly code = 'GR_SCAFFOLDER_CANCELLED';

  constructor() {
    super('The task was cancelled');
  }
}

/** The task has exceeded its time limit. */
export class TaskTimeoutError extends Error {
  override readonly name = 'TaskTimeoutError';
  readonly code = 'GR_SCAFFOLDER_TIMEOUT';

  constructor(timeoutMs: number) {
    super(
      `The task took longer than ${timeoutMs / 1000} s and was ended. Raise scaffolder.taskTimeout if it needs more`,
    );
  }
}

/** This instance no longer holds the task, and another may already be running it. */
export class TaskLostError extends Error {
  override readonly name = 'TaskLostError';
  readonly code = 'GR_SCAFFOLDER_LOST';

  constructor(taskId: string, why: string, cause?: unknown) {
    super(`The task '${taskId}' is no longer this instance's: ${why}`, { cause });
  }
}

/** This instance is stopping, and leaves the task to another one or to its own next start. */
export class TaskHandedOverError extends Error {
  override readonly name = 'TaskHandedOverError';
  readonly code = 'GR_SCAFFOLDER_HANDED_OVER';

  constructor() {
    super('The instance that runs the task is stopping');
  }
}

/** The task was interrupted, and can't or must not be resumed. */
export class TaskInterruptedError extends Error {
  override readonly name = 'TaskInterruptedError';
  readonly code = 'GR_SCAFFOLDER_INTERRUPTED';

  constructor(why: string, cause?: unknown) {
    super(`The instance that ran the task ended before the task did, and ${why}`, { cause });
  }
}
