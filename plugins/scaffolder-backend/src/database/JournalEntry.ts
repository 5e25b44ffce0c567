// The entries that the journal of tasks writes. Types only.
import type { TaskEnd, TaskEventBody, TaskEventType } from '../tasks/Task';

/** What to write about a task, all or nothing. */
export interface JournalEntry {
  readonly taskId: string;
  readonly events?: ReadonlyArray<{ readonly type: TaskEventType; readonly body: TaskEventBody }>;
  /** What an interrupted task resumes from. */
  readonly progress?: { readonly kind: 'step' | 'checkpoint'; readonly key: string; readonly value: string };
  /** The current files; null if they are too large to store. */
  readonly workspace?: Buffer | null;
  readonly end?: TaskEnd;
  /** Nobody waits for this entry, so it may be written a moment later together with the next one. */
  readonly canWait?: boolean;
}
