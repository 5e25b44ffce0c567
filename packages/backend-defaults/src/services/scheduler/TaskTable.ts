// The statements on the table of global tasks. Each is atomic, and all times are by the database's clock.
import type { Knex } from 'knex';
import { DatabaseClock } from './DatabaseClock';
import { migrateScheduler } from './migrateScheduler';
import { tasksTable } from './tasksTable';

/** A global task as seen by all instances. Times are milliseconds since 1970 by the database's clock. */
export interface TaskRow {
  id: string;
  nextRunAt: number | undefined;
  /** Set while a run holds the lease, and after that run's instance has died. */
  expiresAt: number | undefined;
  /** When the current or latest run began. */
  startedAt: number | undefined;
  lastEndedAt: number | undefined;
  /** The error of the last run, as JSON. */
  lastError: string | undefined;
}

/** A lease to take over: if it ends at `expiresAt` and that is past, or at once if its holder `isSilent`. */
export interface LostLease {
  readonly expiresAt: number;
  readonly isSilent: boolean;
}

type RawRow = Record<string, string | number | boolean | null>;

const now = {
  pg: 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint',
  // Based on the Julian day, which every release of SQLite has. Rounded because it is a floating point number.
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

  /** Opens the table, and creates it if it is missing, unless migrations are to be skipped. */
  static async open(knex: Knex, options: { skipMigrations?: boolean } = {}): Promise<TaskTable> {
    if (!options.skipMigrations) {
      await migrateScheduler(knex);
    }
    const table = new TaskTable(knex);
    await table.#query(`select ${table.#now} as now`);
    return table;
  }

  /** Registers a task. A known task keeps its next time, unless its cadence has changed. */
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

  /** All tasks, including those of other releases of the plugin. */
  list(): Promise<TaskRow[]> {
    return this.#query(`select task.*, ${this.#now} as now from ${tasksTable} as task`);
  }

  /** Takes the lease if the task is due and nobody holds it, or if it is `lost`. Returns the row, or `undefined`. */
  async acquire(id: string, holder: string, leaseMs: number, lost?: LostLease): Promise<TaskRow | undefined> {
    const rows = await this.#query(
      `update ${tasksTable} set holder = :holder, started_at = ${this.#now}, cancel_requested = :no,
         expires_at = ${this.#now} + :leaseMs
       where id = :id and ((holder is null and next_run_at <= ${this.#now})
         or (expires_at = :expiresAt and (expires_at <= ${this.#now} or :isSilent)))
       returning *, ${this.#now} as now`,
      {
        id,
        holder,
        leaseMs,
        no: false,
        expiresAt: lost?.expiresAt ?? null,
        isSilent: lost?.isSilent ?? false,
      },
    );
    return rows[0];
  }

  /** Changes the next time of a task that is not running. Returns `undefined` if somebody else has changed it before. */
  async reschedule(
    id: string,
    cadence: string,
    change: { from: number; to: number },
  ): Promise<TaskRow | undefined> {
    const rows = await this.#query(
      `update ${tasksTable} set next_run_at = :to
       where id = :id and cadence = :cadence and holder is null and next_run_at = :from
       returning *, ${this.#now} as now`,
      { id, cadence, ...change },
    );
    return rows[0];
  }

  /** Extends the lease. `cancelled` is whether any instance wants the run to end. */
  async renew(id: string, holder: string, leaseMs: number): Promise<{ kept: boolean; cancelled: boolean }> {
    const result: unknown = await this.#knex.raw(
      `update ${tasksTable} set expires_at = ${this.#now} + :leaseMs where id = :id and holder = :holder
       returning cancel_requested`,
      { id, holder, leaseMs },
    );
    const [row] = rowsOf(result);
    return { kept: row !== undefined, cancelled: Boolean(row?.cancel_requested) };
  }

  /** Ends a run. Keeps a next time that another release of the plugin has set for another cadence. */
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

  /** Makes a task due now. Returns its row, or why not. */
  trigger(id: string): Promise<TaskRow | 'running' | 'missing'> {
    return this.#change(
      id,
      `set next_run_at = ${this.#now} where id = :id and (holder is null or expires_at <= ${this.#now})`,
      'running',
    );
  }

  /** Requests the end of the current run. Its instance notices when it renews the lease. Returns the row, or why not. */
  requestCancel(id: string): Promise<TaskRow | 'idle' | 'missing'> {
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
  ): Promise<TaskRow | 'missing' | TRefusal> {
    const update = `update ${tasksTable} ${change} returning *, ${this.#now} as now`;
    const [row] = await this.#query(update, { id, yes: true });
    if (row) return row;
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

// The PostgreSQL driver returns bigints as strings.
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
