// The database rows of tasks and events, and their conversion to the types of the API.
import type { Task, TaskEvent, TaskEventType, TaskStatus } from '../tasks/Task';

/** A row of `scaffolder_tasks`. PostgreSQL returns big integers as strings. */
export interface TaskRow {
  id: string;
  spec: string;
  status: TaskStatus;
  created_by: string | null;
  created_at: number | string;
  last_heartbeat_at: number | string | null;
  ended_at: number | string | null;
  /** The instance that runs the task, or the only one that can. */
  holder: string | null;
  cancel_requested: boolean | number;
  interruptions: number;
  resumptions: number;
  initiator: 'user' | 'service' | 'none';
  sealed: string | null;
  secret_names: string;
  action_decision: string | null;
}

/** A row of `scaffolder_task_events`. */
export interface TaskEventRow {
  id: number | string;
  task_id: string;
  type: TaskEventType;
  body: string;
  created_at: number | string;
}

/** Converts a row to the task that the API returns. */
export function toTask(row: TaskRow): Task {
  return {
    id: row.id,
    spec: JSON.parse(row.spec),
    status: row.status,
    createdAt: toIsoTime(row.created_at),
    ...(row.last_heartbeat_at !== null && { lastHeartbeatAt: toIsoTime(row.last_heartbeat_at) }),
    ...(row.created_by !== null && { createdBy: row.created_by }),
  };
}

/** Converts a row to the event that the API returns. */
export function toTaskEvent(row: TaskEventRow): TaskEvent {
  return {
    id: Number(row.id),
    taskId: row.task_id,
    type: row.type,
    body: JSON.parse(row.body),
    createdAt: toIsoTime(row.created_at),
  };
}

function toIsoTime(milliseconds: number | string): string {
  return new Date(Number(milliseconds)).toISOString();
}
