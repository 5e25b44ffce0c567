// A task as the interface gives it out, and what happens in it: the contract that other plugins know, in short names.
import type {
  ScaffolderLogEvent,
  ScaffolderTask,
  ScaffolderTaskStatus,
} from '@greenroom/plugin-scaffolder-node';
import type { TaskSpec } from '../templates/TaskSpec';

export type TaskStatus = ScaffolderTaskStatus;

/** The ways in which a task ends. */
export type TaskEnd = 'completed' | 'failed' | 'cancelled';

export interface Task extends ScaffolderTask {
  spec: TaskSpec;
}

export type TaskEvent = ScaffolderLogEvent;

/** What kind of event: a line of a log, that the task was cancelled or taken over, or, as the last one, that it ended. */
export type TaskEventType = TaskEvent['type'];

export type TaskEventBody = TaskEvent['body'];
