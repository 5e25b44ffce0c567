// The statements on the table of global tasks. Each is atomic, and all times in it are the database's own.
import type { Knex } from 'knex';
import { DatabaseClock } from './DatabaseClock';
import { migrateScheduler } from './migrateScheduler';
import { tasksTable } from './tasksTable';

/** A global task as all instances see it. Times in milliseconds since 1970, by the database's clock. */
export interface TaskRow {
  id: string;
  nextRunAt: number | undefined;
  /** Set while a run has the lease, and after that run's instance died. */
  expiresAt: number | undefined;
  /** When the current or the last run began. */
  startedAt: number | undefined;
  lastEndedAt: number | undefined;
  /** What the last run failed with, as JSON. */
  lastError: string | undefined;
}

type RawRow = Record<string, string | number | boolean | null>;

const now = {
  pg: 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint',
  // From the Julian day, as it works in every release of SQLite; rounded, as it is a floating point number.
  sqlite: "cast(round((julianday('now') - 2440587.5) * 86400000) as integer)",
};

/** The global tasks of one plugin. */
export class TaskTable {
  readonly clock = new DatabaseClock();
  readonly #knex: Knex;
  readonly #now: string;

  private constructor(knex: Knex) {
    this.#knex = knex;
    this.#now = knex.client.config.client === 'pg' ? now.pg : now.sqlite;
  }

  /** Makes the table if it is missing, unless migrations are to be skipped. */
  static async open(knex: Knex, options: { skipMigrations?: boolean } = {}): Promise<TaskTable> {
    if (!options.skipMigrations) {
      await migrateScheduler(knex);
    }
    const table = new TaskTable(knex);
    await table.#query(`select ${table.#now} as now`);
    return table;
  }

  /** Makes a task known. One that is known keeps its next time, unless its cadence has changed. */
  async register(id: string, cadence: string, firstRunAt: number | undefined): Promise<TaskRow> {
    const rows = await this.#query(
      `insert into ${tasksTable} as task (id, cadence, next_run_at, cancel_requested)
       values (:id, :cadence, :first, :no)
       on conflict (id) do update set cadence = excluded.cadence, next_run_at =
         case when task.cadence = excluded.cadence then task.next_run_at else excluded.next_run_at end
       returning *, ${this.#now} as now`,
      { id, cadence, first: firstRunAt ?? null, no: false },
    );
    return rows[0]!;
  }

  /** All tasks, also those that other releases of the plugin have. */
  list(): Promise<TaskRow[]> {
    return this.#query(`select task.*, ${this.#now} as now from ${tasksTable} as task`);
  }

  /** The row of a run that begins now, if the task is due and nobody has it, or who had it died. */
  async acquire(id: string, holder: string, leaseMs: number): Promise<TaskRow | undefined> {
    const rows = await this.#query(
      `update ${tasksTable} set holder = :holder, started_at = ${this.#now}, cancel_requested = :no,
         expires_at = ${this.#now} + :leaseMs
       where id = :id and ((holder is null and next_run_at <= ${this.#now}) or expires_at <= ${this.#now})
       returning *, ${this.#now} as now`,
      { id, holder, leaseMs, no: false },
    );
    return rows[0];
  }

  /** Keeps the lease for longer. `cancelled` tells whether any instance wants the run to end. */
  async renew(id: string, holder: string, leaseMs: number): Promise<{ kept: boolean; cancelled: boolean }> {
    const result: unknown = await this.#knex.raw(
      `update ${tasksTable} set expires_at = ${this.#now} + :leaseMs where id = :id and holder = :holder
       returning cancel_requested`,
      { id, holder, leaseMs },
    );
    const [row] = rowsOf(result);
    return { kept: row !== undefined, cancelled: Boolean(row?.cancel_requested) };
  }

  /** Ends a run. A next time that another release of the plugin has set for another cadence stays. */
  async release(
    id: string,
    holder: string,
    end: { cadence: string; nextRunAt: number | undefined; error: string | undefined },
  ): Promise<TaskRow | undefined> {
    const { cadence, nextRunAt, error } = end;
    const rows = await this.#query(
      `update ${tasksTable} set holder = null, expires_at = null, last_ended_at = ${this.#now}, last_error = :error,
         next_run_at = case when cadence = :cadence then :next else next_run_at end
       where id = :id and holder = :holder
       returning *, ${this.#now} as now`,
      { id, holder, cadence, next: nextRunAt ?? null, error: error ?? null },
    );
    return rows[0];
  }

  /** Makes a task due now. */
  trigger(id: string): Promise<'done' | 'running' | 'missing'> {
    return this.#change(
      id,
      `set next_run_at = ${this.#now} where id = :id and (holder is null or expires_at <= ${this.#now})`,
      'running',
    );
  }

  /** Asks for the end of the current run, which its instance sees when it renews the lease. */
  requestCancel(id: string): Promise<'done' | 'idle' | 'missing'> {
    return this.#change(
      id,
      `set cancel_requested = :yes where id = :id and expires_at > ${this.#now}`,
      'idle',
    );
  }

  async #change<TRefusal>(
    id: string,
    change: string,
    refusal: TRefusal,
  ): Promise<'done' | 'missing' | TRefusal> {
    const update = `update ${tasksTable} ${change} returning *, ${this.#now} as now`;
    if ((await this.#query(update, { id, yes: true })).length > 0) {
      return 'done';
    }
    const known = await this.#knex(tasksTable).where({ id }).select('id');
    return known.length > 0 ? refusal : 'missing';
  }

  async #query(
    sql: string,
    values: Record<string, string | number | boolean | null> = {},
  ): Promise<TaskRow[]> {
    const rows = rowsOf(await this.#knex.raw(sql, values));
    const shown = rows[0]?.now;
    if (shown !== undefined) {
      this.clock.set(Number(shown));
    }
    return rows.map(toTaskRow);
  }
}

function rowsOf(result: unknown): RawRow[] {
  return Array.isArray(result) ? result : (result as { rows: RawRow[] }).rows;
}

// The driver of PostgreSQL gives bigints as strings.
function toTaskRow(row: RawRow): TaskRow {
  const time = (name: string) => (row[name] === null ? undefined : Number(row[name]));
  return {
    id: String(row.id),
    nextRunAt: time('next_run_at'),
    expiresAt: time('expires_at'),
    startedAt: time('started_at'),
    lastEndedAt: time('last_ended_at'),
    lastError: row.last_error === null ? undefined : String(row.last_error),
  };
}
