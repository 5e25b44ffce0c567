// Distributes tasks to instances. Which instance runs a task is decided only when it claims it.
import type { Knex } from 'knex';

/** A queue of open tasks, which several instances may share. A task with a holder is for that instance alone. */
export interface TaskQueue {
  /** Runs a statement that stores tasks and returns their ids and holders, and queues the tasks, atomically. */
  create(tasks: Knex.QueryBuilder): Promise<void>;
  /** Queues tasks, within the transaction that opened them. */
  add(taskIds: readonly string[], trx: Knex.Transaction): Promise<void>;
  /**
   * Finds tasks that were handed to an instance more than `staleMs` ago which died before it could claim them, and those
   * that were queued for now before the clock of the database was set back by more than that.
   */
  findStuck(staleMs: number, trx?: Knex.Transaction): Promise<string[]>;
  /** Starts to call `run`, for up to `concurrency` tasks in parallel. A task whose call rejects is retried later. */
  start(options: { concurrency: number; run: (taskId: string) => Promise<void> }): Promise<void>;
  /** Stops calling `run`, and resolves once the pending calls have returned. */
  stop(): Promise<void>;
}
