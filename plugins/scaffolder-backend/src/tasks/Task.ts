// A task as the interface gives it out, and what happens in it.
import type { JsonObject } from '@backstage/types';
import type { TaskSpec } from '../templates/TaskSpec';

/** How far a task, or one of its steps, has come. */
export type TaskStatus = 'open' | 'processing' | 'completed' | 'failed' | 'cancelled' | 'skipped';

/** The ways in which a task ends. */
export type TaskEnd = 'completed' | 'failed' | 'cancelled';

/** A task as the interface gives it out. */
export interface Task {
  id: string;
  spec: TaskSpec;
  status: TaskStatus;
  /** ISO 8601. */
  createdAt: string;
  lastHeartbeatAt?: string;
  createdBy?: string;
}

/** What kind of event: a line of a log, that the task was cancelled or taken over, or, as the last one, that it ended. */
export type TaskEventType = 'log' | 'cancelled' | 'recovered' | 'completion';

/** What an event tells. */
export type TaskEventBody = JsonObject & {
  message: string;
  /** The step it is about. */
  stepId?: string;
  /** What has become of that step or, in a completion, of the task. */
  status?: TaskStatus;
};

/** Something that happened in a task. */
export interface TaskEvent {
  /** Grows with each event of a task. */
  id: number;
  taskId: string;
  type: TaskEventType;
  body: TaskEventBody;
  createdAt: string;
}
