// Where a run of steps tells what it does.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { TaskEventBody } from './Task';

/** Kept for later, or only for the answer to a dry run. */
export interface TaskRecord {
  /** Takes a line of the log; it is written in its order, but not waited for. */
  log(body: TaskEventBody): void;
  /** As `log`, but resolves when the line is written. */
  logSurely(body: TaskEventBody): Promise<void>;
  /** Resolves when it is certain that the step, or the item of its `each`, will not be run again. */
  finish(step: FinishedStep): Promise<void>;
  /** Resolves when it is certain that the value will be there when the task is taken up again. */
  keepCheckpoint(key: string, value: JsonValue): Promise<void>;
}

/** What a step, or one item of its `each`, came to. */
export interface FinishedStep {
  /** By which it is found again. */
  readonly key: string;
  readonly output: JsonObject;
  /** For the log; absent for items. */
  readonly event?: TaskEventBody;
  /** Nothing but the output of the task comes after it. */
  readonly isLast: boolean;
}

/** Writes the log alone: nothing of it is gone on from. */
export function withoutKeeping(record: Pick<TaskRecord, 'log' | 'logSurely'>): TaskRecord {
  return {
    log: body => record.log(body),
    logSurely: body => record.logSurely(body),
    finish: async ({ event }) => event && record.logSurely(event),
    keepCheckpoint: async () => {},
  };
}
