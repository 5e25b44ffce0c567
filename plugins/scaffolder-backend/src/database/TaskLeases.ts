// Which instance runs which task: one statement for all tasks of an instance, using the clock of the database.
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';
import { databaseNow } from './databaseNow';
import type { TaskRow } from './TaskRow';

/** What a heartbeat returns for each task that the instance still holds. */
export interface HeldTask {
  readonly id: string;
  readonly cancelRequested: boolean;
}

/** Claims, keeps and releases tasks for one instance, the holder. */
export class TaskLeases {
  readonly #knex: Knex;
  readonly #holder: string;

  /** @param holder - unique per instance and start */
  constructor(knex: Knex, holder: string) {
    this.#knex = knex;
    this.#holder = holder;
  }

  /** Claims an open task for this instance. Returns `undefined` if it is no longer open. */
  async claim(id: string): Promise<TaskRow | undefined> {
    const [row] = await this.#tasks()
      .where({ id, status: 'open' })
      .update({
        status: 'processing',
        holder: this.#holder,
        last_heartbeat_at: databaseNow(this.#knex),
      })
      .returning('*');
    return row;
  }

  /**
   * Sends a heartbeat, and returns those of the tasks that this instance still holds.
   *
   * @param running - the tasks that this instance runs; those that it holds but has given up get no heartbeat, so
   * that they are taken over
   */
  async beat(running: readonly string[]): Promise<HeldTask[]> {
    const own = this.#tasks()
      .whereIn('id', [...running])
      .where({ holder: this.#holder, status: 'processing' })
      .select('id');
    // In the order in which the journal locks them, to avoid deadlocks.
    if (isPostgres(this.#knex)) own.orderBy('id').forUpdate();
    const rows = await this.#tasks()
      .whereIn('id', own)
      .update({ last_heartbeat_at: databaseNow(this.#knex) })
      .returning(['id', 'cancel_requested']);
    return rows.map(({ id, cancel_requested: asked }) => ({ id, cancelRequested: Boolean(asked) }));
  }

  /** Sends a heartbeat for open tasks that only this instance can run, and returns those still open. */
  async keepWaiting(ids: readonly string[]): Promise<string[]> {
    const rows = await this.#tasks()
      .whereIn('id', [...ids])
      .where({ holder: this.#holder, status: 'open' })
      .update({ last_heartbeat_at: databaseNow(this.#knex) })
      .returning('id');
    return rows.map(({ id }) => id);
  }

  /** Whether there is anything to release. A single statement without locks, because there is almost never anything. */
  async hasSilent(staleMs: number, running: readonly string[]): Promise<boolean> {
    const row = await this.#silent(staleMs)
      .andWhere(lost =>
        lost
          .where(given => given.where({ status: 'processing' }).whereNotIn('id', [...running]))
          .orWhere(waiting => waiting.where({ status: 'open' }).whereNotNull('holder')),
      )
      .first('id');
    return row !== undefined;
  }

  /** Opens tasks to all instances if the only one that could run them has been silent for `staleMs`. Returns their ids. */
  async freeWaiting(staleMs: number, trx: Knex.Transaction): Promise<string[]> {
    const rows = await this.#silent(staleMs, trx)
      .where({ status: 'open' })
      .whereNotNull('holder')
      .update({ holder: null })
      .returning('id');
    return rows.map(({ id }) => id);
  }

  /**
   * Reopens the tasks of instances that have been silent for `staleMs`, and returns their ids. Only one instance
   * releases a task, however many try.
   *
   * @param running - tasks that run here, which are not lost even if this instance was silent
   */
  async freeStale(staleMs: number, running: readonly string[], trx: Knex.Transaction): Promise<string[]> {
    const stale = this.#silent(staleMs, trx)
      .where({ status: 'processing' })
      .whereNotIn('id', [...running])
      .select('id');
    if (isPostgres(this.#knex)) stale.forUpdate().skipLocked();
    return this.#free(this.#tasks(trx).whereIn('id', stale), 'interruptions');
  }

  /** Reopens one of this instance's own tasks. Returns `false` if it no longer holds the task. */
  async handOver(id: string, trx: Knex.Transaction): Promise<boolean> {
    const freed = await this.#free(this.#tasks(trx).where({ id, holder: this.#holder }), 'resumptions');
    return freed.length > 0;
  }

  async #free(
    which: Knex.QueryBuilder<TaskRow>,
    counter: 'interruptions' | 'resumptions',
  ): Promise<string[]> {
    const rows: Array<Pick<TaskRow, 'id'>> = await which
      .where({ status: 'processing' })
      .update({ status: 'open', holder: null, [counter]: this.#knex.raw('?? + 1', [counter]) })
      .returning('id');
    return rows.map(({ id }) => id);
  }

  #tasks(knex: Knex = this.#knex) {
    return knex<TaskRow>('scaffolder_tasks');
  }

  /** Tasks without a heartbeat for `staleMs`, or with one of a time that has yet to come: the clock was set back since. */
  #silent(staleMs: number, knex: Knex = this.#knex) {
    return this.#tasks(knex).whereNotBetween('last_heartbeat_at', [
      knex.raw('? - ?', [databaseNow(knex), staleMs]),
      knex.raw('? + ?', [databaseNow(knex), staleMs]),
    ]);
  }
}
