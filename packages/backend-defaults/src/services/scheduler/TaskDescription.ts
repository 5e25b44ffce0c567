// What is told of a task to whoever asks. Types only.
import type { TaskProgress } from './ScheduledTask';
import type { TaskSettings } from './TaskSchedule';

/**
 * A task with its settings and how it is doing.
 *
 * @public
 */
export interface TaskDescription {
  id: string;
  scope: 'global' | 'local';
  settings: TaskSettings;
  timeoutMs: number;
  progress: TaskProgress;
}
