// Hands out tasks to instances; which of them then runs one is decided where it is claimed.
import type { Knex } from 'knex';

/** Which tasks wait; several instances may share one. */
export interface TaskQueue {
  /**
   * Runs a statement that stores tasks and gives their ids, and puts the tasks into the queue: both or neither.
   *
   * `onlyHere` keeps a task for this instance, as only it can read the task's secrets.
   */
  create(tasks: Knex.QueryBuilder, options?: { onlyHere?: boolean }): Promise<void>;
  /**
   * Puts tasks into the queue, as part of the transaction in which they were opened.
   *
   * `onlyHere` keeps a task for this instance, as only it can read the task's secrets.
   */
  add(taskIds: readonly string[], trx: Knex.Transaction, options?: { onlyHere?: boolean }): Promise<void>;
  /** Finds tasks that were handed to an instance which died before it could claim them, longer than `staleMs` ago. */
  findStuck(staleMs: number, trx?: Knex.Transaction): Promise<string[]>;
  /** Begins to call `run`, for `concurrency` tasks at a time; one that rejects is tried again later. */
  start(options: { concurrency: number; run: (taskId: string) => Promise<void> }): Promise<void>;
  /** Calls `run` no more; resolves when the calls under way have returned. */
  stop(): Promise<void>;
}
