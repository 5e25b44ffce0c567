// What the journal of tasks is given to write. Types only.
import type { TaskEnd, TaskEventBody, TaskEventType } from '../tasks/Task';

/** What is to be written of one task, all of it or nothing. */
export interface JournalEntry {
  readonly taskId: string;
  readonly events?: ReadonlyArray<{ readonly type: TaskEventType; readonly body: TaskEventBody }>;
  /** What the task goes on from when it is interrupted. */
  readonly progress?: { readonly kind: 'step' | 'checkpoint'; readonly key: string; readonly value: string };
  /** The files as they are now; null where they are too many to keep. */
  readonly workspace?: Buffer | null;
  readonly end?: TaskEnd;
  /** Nobody waits for it: it may come along with what is written next, a moment later. */
  readonly canWait?: boolean;
}
