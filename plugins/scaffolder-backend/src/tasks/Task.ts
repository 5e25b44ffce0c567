// Tasks and their events as the API returns them: the types of the public contract under shorter names.
import type {
  ScaffolderLogEvent,
  ScaffolderTask,
  ScaffolderTaskStatus,
} from '@greenroom/plugin-scaffolder-node';
import type { TaskSpec } from '../templates/TaskSpec';

export type TaskStatus = ScaffolderTaskStatus;

/** The ways in which a task can end. */
export type TaskEnd = 'completed' | 'failed' | 'cancelled';

export interface Task extends ScaffolderTask {
  spec: TaskSpec;
}

export type TaskEvent = ScaffolderLogEvent;

/** A log line, a cancellation, a takeover by another instance, or, as the last event, the completion. */
export type TaskEventType = TaskEvent['type'];

export type TaskEventBody = TaskEvent['body'];
