// The interface through which a run reports its progress.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { TaskEventBody } from './Task';

/** Stored for a task; for a dry run only collected for the response. */
export interface TaskRecord {
  /** Adds a log line, in order but without waiting until it is written. */
  log(body: TaskEventBody): void;
  /** Like `log`, but resolves once the line is written. */
  logSurely(body: TaskEventBody): Promise<void>;
  /** Resolves once it is certain that the step, or the iteration of its `each`, will not run again. */
  finish(step: FinishedStep): Promise<void>;
  /** Resolves once it is certain that the value will be available when the task resumes. */
  keepCheckpoint(key: string, value: JsonValue): Promise<void>;
}

/** The result of a step, or of one iteration of its `each`. */
export interface FinishedStep {
  /** Identifies the step, or iteration, when the task resumes. */
  readonly key: string;
  readonly output: JsonObject;
  /** The log event; undefined for iterations. */
  readonly event?: TaskEventBody;
  /** Whether only the output of the task is left to compute. */
  readonly isLast: boolean;
}

/** Only logs, and keeps nothing to resume from. */
export function withoutKeeping(record: Pick<TaskRecord, 'log' | 'logSurely'>): TaskRecord {
  return {
    log: body => record.log(body),
    logSurely: body => record.logSurely(body),
    finish: async ({ event }) => event && record.logSurely(event),
    keepCheckpoint: async () => {},
  };
}
