// Which instance runs which task: one statement for all tasks of an instance, by the clock of the database.
import type { Knex } from 'knex';
import { databaseNow, isPostgres } from './databaseNow';
import type { TaskRow } from './TaskRow';

/** What a heartbeat tells of the tasks that are still this instance's. */
export interface HeldTask {
  readonly id: string;
  readonly cancelRequested: boolean;
}

/** Claims, keeps and frees tasks for one instance, the holder. */
export class TaskLeases {
  readonly #knex: Knex;
  readonly #holder: string;

  /** @param holder - differs from instance to instance and from start to start */
  constructor(knex: Knex, holder: string) {
    this.#knex = knex;
    this.#holder = holder;
  }

  /** Makes a task that waits this instance's; `undefined` if it does not wait any more. */
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
   * Shows that this instance lives, and gives those of the tasks that it still holds.
   *
   * @param running - what it holds, but has given up, is to be taken over
   */
  async beat(running: readonly string[]): Promise<HeldTask[]> {
    const own = this.#tasks()
      .whereIn('id', [...running])
      .where({ holder: this.#holder, status: 'processing' })
      .select('id');
    // In the order in which the journal locks them, so that neither waits for the other.
    if (isPostgres(this.#knex)) own.orderBy('id').forUpdate();
    const rows = await this.#tasks()
      .whereIn('id', own)
      .update({ last_heartbeat_at: databaseNow(this.#knex) })
      .returning(['id', 'cancel_requested']);
    return rows.map(({ id, cancel_requested: asked }) => ({ id, cancelRequested: Boolean(asked) }));
  }

  /** Shows that this instance lives, for tasks that wait for it alone, and gives those that still do. */
  async keepWaiting(ids: readonly string[]): Promise<string[]> {
    const rows = await this.#tasks()
      .whereIn('id', [...ids])
      .where({ holder: this.#holder, status: 'open' })
      .update({ last_heartbeat_at: databaseNow(this.#knex) })
      .returning('id');
    return rows.map(({ id }) => id);
  }

  /** Whether there is anything to free: one statement that locks nothing, as nearly always there is not. */
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

  /** Leaves tasks to all that wait for an instance alone which has shown no sign of life for `staleMs`; gives their ids. */
  async freeWaiting(staleMs: number, trx: Knex.Transaction): Promise<string[]> {
    const rows = await this.#silent(staleMs, trx)
      .where({ status: 'open' })
      .whereNotNull('holder')
      .update({ holder: null })
      .returning('id');
    return rows.map(({ id }) => id);
  }

  /**
   * Opens the tasks of instances that have shown no sign of life for `staleMs`, and gives their ids. A task is freed
   * by one instance only, however many try.
   *
   * @param running - what runs here is not lost, even if this instance was silent
   */
  async freeStale(staleMs: number, running: readonly string[], trx: Knex.Transaction): Promise<string[]> {
    const stale = this.#silent(staleMs, trx)
      .where({ status: 'processing' })
      .whereNotIn('id', [...running])
      .select('id');
    if (isPostgres(this.#knex)) stale.forUpdate().skipLocked();
    return this.#free(this.#tasks(trx).whereIn('id', stale), 'interruptions');
  }

  /** Opens one of this instance's own tasks; `false` if it is not its own any more. */
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

  /** Tasks whose instance has shown no sign of life for `staleMs`. */
  #silent(staleMs: number, knex: Knex = this.#knex) {
    return this.#tasks(knex).where('last_heartbeat_at', '<', knex.raw('? - ?', [databaseNow(knex), staleMs]));
  }
}
