// The global tasks of a plugin in this instance: one timer for all of them, and a periodic read of their table.
import { toError } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { GlobalTaskEntry } from './GlobalTaskEntry';
import { GlobalTaskRun, type GlobalTaskRunOptions } from './GlobalTaskRun';
import type { ScheduledTask, TaskProgress } from './ScheduledTask';
import { refusal } from './schedulerErrors';
import type { TaskRow, TaskTable } from './TaskTable';

const retryMs = 5_000;

/** Runs nothing before `start`. */
export class GlobalTasks {
  readonly #options: GlobalTaskRunOptions;
  readonly #table: TaskTable;
  readonly #logger: LoggerService;
  readonly #entries = new Map<string, GlobalTaskEntry>();
  /** With their ends, also of those whose schedule has ended. */
  readonly #runs = new Map<GlobalTaskRun, Promise<void>>();
  #state: 'new' | 'started' | 'stopped' = 'new';
  /** Set by a stop: how long functions may take to return after it. */
  #graceMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;
  #refreshAt = 0;
  /** Set by a turn that failed, by `performance.now()`. */
  #retryAt: number | undefined;

  constructor(options: GlobalTaskRunOptions) {
    this.#options = options;
    this.#table = options.table;
    this.#logger = options.logger;
  }

  /** Makes a task known to all instances. Rejects if the database does. */
  async add(task: ScheduledTask): Promise<void> {
    const { id, schedule } = task;
    const firstRunAt = schedule.firstRun(this.#table.clock.now());
    const row = await this.#table.register(id, schedule.settings.cadence, firstRunAt);
    const entry = new GlobalTaskEntry(task, row, this.#options.leaseMs);
    this.#entries.set(id, entry);
    if (this.#state === 'started') {
      entry.readyAt = performance.now() + schedule.initialDelayMs;
      this.#wake();
    }
  }

  /** Starts the initial delays. */
  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'started';
    const now = performance.now();
    // What was read when tasks were registered is recent enough.
    this.#refreshAt = now + this.#options.leaseMs;
    for (const entry of this.#entries.values()) {
      entry.readyAt = now + entry.task.schedule.initialDelayMs;
    }
    this.#wake();
  }

  /** Runs a task now, in this instance if it has the task. */
  async trigger(id: string): Promise<void> {
    const row = await this.#table.trigger(id);
    if (typeof row === 'string') throw refusal(id, row);
    const entry = this.#entries.get(id);
    if (entry && !entry.run) {
      entry.row = row;
      if (this.#state === 'started') {
        entry.readyAt = 0;
        this.#wake();
      }
    }
  }

  /** Ends the current run of a task: at once if it is in this instance, otherwise when that instance renews its lease. */
  async cancel(id: string): Promise<void> {
    const run = this.#entries.get(id)?.run;
    if (run) {
      run.cancel();
      return;
    }
    const row = await this.#table.requestCancel(id);
    if (typeof row === 'string') throw refusal(id, row);
  }

  /** Ends a schedule in this instance. Resolves when its run has ended. */
  async remove(id: string, why: string): Promise<void> {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    entry?.run?.stop(why, this.#graceMs);
    await entry?.run?.done;
  }

  /** Ends all schedules in this instance. Resolves when their runs have ended. */
  async stop(why: string, graceMs?: number): Promise<void> {
    this.#graceMs = graceMs;
    this.#state = 'stopped';
    clearTimeout(this.#timer);
    this.#entries.clear();
    for (const run of this.#runs.keys()) run.stop(why, graceMs);
    // This turn may be about to begin runs. They end at once, because their entries are gone.
    await this.#turn;
    await Promise.all(this.#runs.values());
  }

  /** The progress, across all instances, of the tasks that this instance has. */
  async progress(): Promise<Map<string, TaskProgress>> {
    const rows = new Map((await this.#table.list()).map(row => [row.id, row]));
    const now = this.#table.clock.now();
    return new Map([...this.#entries].map(([id, entry]) => [id, entry.progressAt(now, rows.get(id))]));
  }

  #wake(): void {
    if (this.#turn || this.#state !== 'started') {
      // The current turn looks at everything again before it sleeps.
      return;
    }
    clearTimeout(this.#timer);
    this.#turn = this.#takeTurn().finally(() => {
      this.#turn = undefined;
      if (this.#state === 'started') {
        this.#sleep();
      }
    });
  }

  async #takeTurn(): Promise<void> {
    try {
      const due = [...this.#entries.values()].filter(entry => this.#waitOf(entry) <= 0);
      const begun = await allEnded(due.map(entry => this.#begin(entry)));
      if (begun.includes(false) || performance.now() >= this.#refreshAt) {
        await this.#refresh();
      }
      this.#retryAt = undefined;
    } catch (error) {
      if (this.#retryAt === undefined) {
        this.#logger.warn(
          `Tasks can't be looked at, so none begins: ${toError(error).message}. Trying again until the database answers.`,
        );
      }
      this.#retryAt = performance.now() + Math.min(retryMs, this.#options.leaseMs / 3);
    }
  }

  #sleep(): void {
    if (this.#entries.size === 0) return;
    const waits = [...this.#entries.values()].map(entry => this.#waitOf(entry));
    const wait = Math.min(this.#refreshAt - performance.now(), ...waits);
    const least = (this.#retryAt ?? 0) - performance.now();
    // Rounded up, because a look that comes too early finds nothing.
    this.#timer = setTimeout(() => this.#wake(), Math.max(1, Math.ceil(least), Math.ceil(wait)));
  }

  /** Milliseconds until this instance may try to run a task, as far as it knows. */
  #waitOf(entry: GlobalTaskEntry): number {
    return entry.waitAt(this.#table.clock.now());
  }

  async #begin(entry: GlobalTaskEntry): Promise<boolean> {
    const { expiresAt, startedAt = 0 } = entry.row;
    const run = await GlobalTaskRun.begin(entry.task, this.#options, entry.lostLease);
    if (!run) return false;
    const { id } = entry.task;
    // The earlier run may also have ended since the row was read.
    if (expiresAt !== undefined && (run.begun.lastEndedAt ?? -1) < startedAt) {
      this.#logger.warn(
        `The task '${id}' is taken over from an instance that has not been heard of any more`,
      );
    }
    entry.run = run;
    const ended = run.done.then(row => {
      this.#runs.delete(run);
      this.#ended(entry, row);
    });
    this.#runs.set(run, ended);
    if (this.#entries.get(id) !== entry) {
      run.stop('its schedule was ended', this.#graceMs);
    }
    return true;
  }

  #ended(entry: GlobalTaskEntry, row: TaskRow | undefined): void {
    entry.run = undefined;
    if (row) {
      entry.row = row;
    } else {
      this.#refreshAt = 0;
    }
    if (this.#turn || this.#state !== 'started') return;
    // Not at once: where tasks are always due, nothing else in this process would have its turn.
    clearTimeout(this.#timer);
    this.#sleep();
  }

  async #refresh(): Promise<void> {
    const before = new Map([...this.#entries].map(([id, { row }]) => [id, row]));
    for (const row of await this.#table.list()) {
      const entry = this.#entries.get(row.id);
      // A row that has changed here meanwhile is newer than what was read.
      if (entry && !entry.run && entry.row === before.get(row.id)) {
        entry.row = row;
        await this.#bringForward(entry);
      }
    }
    this.#refreshAt = performance.now() + this.#options.leaseMs;
  }

  /** After the clock of the database was set back, what it had scheduled before is too far away. */
  async #bringForward(entry: GlobalTaskEntry): Promise<void> {
    const { id, schedule } = entry.task;
    const change = entry.misplacedAt(this.#table.clock.now());
    const row = change && (await this.#table.reschedule(id, schedule.settings.cadence, change));
    if (!row) return;
    entry.row = row;
    const seconds = Math.round((change.from - change.to) / 1_000);
    this.#logger.warn(
      `The task '${id}' is brought forward by ${seconds} s: since it was scheduled the clock of the database was set back, or TZ was changed`,
    );
  }
}

/** Like `Promise.all`, but waits for all promises even if one rejects. */
async function allEnded<T>(promises: ReadonlyArray<Promise<T>>): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
