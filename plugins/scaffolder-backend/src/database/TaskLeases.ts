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
    const rows: TaskRow[] = await this.#knex('scaffolder_tasks')
      .where({ id, status: 'open' })
      .update({
        status: 'processing',
        holder: this.#holder,
        last_heartbeat_at: databaseNow(this.#knex),
      })
      .returning('*');
    return rows[0];
  }

  /**
   * Shows that this instance lives, and gives those of the tasks that it still holds.
   *
   * @param running - what it holds, but has given up, is to be taken over
   */
  async beat(running: readonly string[]): Promise<HeldTask[]> {
    const own = this.#knex('scaffolder_tasks')
      .whereIn('id', [...running])
      .where({ holder: this.#holder, status: 'processing' })
      .select('id');
    // In the order in which the journal locks them, so that neither waits for the other.
    if (isPostgres(this.#knex)) own.orderBy('id').forUpdate();
    const rows: Array<Pick<TaskRow, 'id' | 'cancel_requested'>> = await this.#knex('scaffolder_tasks')
      .whereIn('id', own)
      .update({ last_heartbeat_at: databaseNow(this.#knex) })
      .returning(['id', 'cancel_requested']);
    return rows.map(({ id, cancel_requested: asked }) => ({ id, cancelRequested: Boolean(asked) }));
  }

  /** Shows that this instance lives, for tasks that wait for it alone, and gives those that still do. */
  async keepWaiting(ids: readonly string[]): Promise<string[]> {
    const rows: Array<Pick<TaskRow, 'id'>> = await this.#knex('scaffolder_tasks')
      .whereIn('id', [...ids])
      .where({ holder: this.#holder, status: 'open' })
      .update({ last_heartbeat_at: databaseNow(this.#knex) })
      .returning('id');
    return rows.map(({ id }) => id);
  }

  /** Leaves tasks to all that wait for an instance alone which has shown no sign of life for `staleMs`; gives their ids. */
  async freeWaiting(staleMs: number, trx: Knex.Transaction): Promise<string[]> {
    const rows: Array<Pick<TaskRow, 'id'>> = await trx('scaffolder_tasks')
      .where({ status: 'open' })
      .whereNotNull('holder')
      .andWhere('last_heartbeat_at', '<', trx.raw('? - ?', [databaseNow(trx), staleMs]))
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
    const stale = trx('scaffolder_tasks')
      .where('status', 'processing')
      .whereNotIn('id', [...running])
      .andWhere('last_heartbeat_at', '<', trx.raw('? - ?', [databaseNow(trx), staleMs]))
      .select('id');
    if (isPostgres(this.#knex)) stale.forUpdate().skipLocked();
    return this.#free(trx, 'interruptions', builder => builder.whereIn('id', stale));
  }

  /** Opens one of this instance's own tasks; `false` if it is not its own any more. */
  async handOver(id: string, trx: Knex.Transaction): Promise<boolean> {
    const own = { id, holder: this.#holder };
    const freed = await this.#free(trx, 'resumptions', builder => builder.where(own));
    return freed.length > 0;
  }

  async #free(
    trx: Knex.Transaction,
    counter: 'interruptions' | 'resumptions',
    which: (builder: Knex.QueryBuilder) => Knex.QueryBuilder,
  ): Promise<string[]> {
    const rows: Array<Pick<TaskRow, 'id'>> = await which(
      trx('scaffolder_tasks').where('status', 'processing'),
    )
      .update({ status: 'open', holder: null, [counter]: trx.raw('?? + 1', [counter]) })
      .returning('id');
    return rows.map(({ id }) => id);
  }
}
