// Tracks whether a known server is unreachable, so that not every query has to wait to find out.
import { setTimeout as sleep } from 'node:timers/promises';
import { OutageLog } from '../../remote/OutageLog';
import { DeadlinePassed, withDeadline } from '../../remote/withDeadline';
import type { DatabasePlan } from './DatabasePlan';
import { DatabaseUnavailableError } from './databaseErrors';

const retryMs = 100;
/** How long the caller that probes waits for the result, in milliseconds. The probe goes on without it. */
const probePatience = 1_000;

/** Options of {@link DatabaseOutage}. */
export interface DatabaseOutageOptions {
  /** How long to wait for the server, in milliseconds. */
  patience: number;
  /** Resolves if the server can be reached. */
  probe(): Promise<unknown>;
}

/** Connection attempts go `through` it, and health checks `note` their result in it. */
export class DatabaseOutage {
  readonly #plan: DatabasePlan;
  readonly #options: DatabaseOutageOptions;
  readonly #log: OutageLog;
  #reached = false;
  #reachedAt = 0;
  /** Since when the server is known to be unreachable; undefined while it is reachable. */
  #lostAt: number | undefined;
  #lastLoss: unknown;
  #isProbing = false;

  constructor(plan: DatabasePlan, options: DatabaseOutageOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#log = new OutageLog({
      logger: plan.logger,
      subject: `The database '${plan.name}'`,
      withoutIt: 'Requests that need it get 503, and all else that does fails or waits, until it answers',
    });
  }

  /**
   * Connects, and retries during a short outage. During a longer one, callers reject at once with
   * `DatabaseUnavailableError`, except for one at a time that probes first, for a moment.
   */
  async through<T>(connect: () => Promise<T>): Promise<T> {
    if (this.isLong) await this.probe();
    const giveUpAt = performance.now() + this.#options.patience;
    for (;;) {
      try {
        return await this.note(connect);
      } catch (error) {
        // At the first attempt, a mistyped address must be reported at once.
        if (!this.#reached || !this.#plan.isConnectionLoss(error)) throw error;
      }
      if (this.isLong || performance.now() + retryMs > giveUpAt) throw this.#unavailable();
      await sleep(retryMs);
    }
  }

  /** Derives from the outcome of a call whether the server is reachable. */
  async note<T>(call: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    try {
      const result = await call();
      this.#reached = true;
      this.#reachedAt = performance.now();
      this.#lostAt = undefined;
      this.#log.up(true);
      return result;
    } catch (error) {
      if (this.#reached && this.#plan.isConnectionLoss(error)) {
        this.#lost(error, Math.max(begin, this.#reachedAt));
      }
      throw error;
    }
  }

  /** Begins a long outage, because the server is known to be out of reach. */
  begin(error: Error): void {
    this.#lostAt = undefined;
    this.#lost(error, -Infinity);
  }

  /** Resolves if the server can be reached. Rejects at once if another caller is finding out. */
  async probe(): Promise<void> {
    if (this.#isProbing) throw this.#unavailable();
    this.#isProbing = true;
    const probing = this.note(this.#options.probe).finally(() => (this.#isProbing = false));
    try {
      await withDeadline(probing, probePatience);
    } catch (error) {
      throw error instanceof DeadlinePassed || this.#plan.isConnectionLoss(error)
        ? this.#unavailable()
        : error;
    }
  }

  /** Whether it is known that waiting is no use. */
  get isLong(): boolean {
    return this.#lostAt !== undefined && performance.now() + retryMs > this.#lostAt + this.#options.patience;
  }

  #lost(error: unknown, since: number): void {
    this.#lostAt ??= since;
    this.#lastLoss = error;
    if (this.isLong) this.#log.down(error as Error);
  }

  #unavailable(): DatabaseUnavailableError {
    return new DatabaseUnavailableError({ name: this.#plan.name, cause: this.#lastLoss });
  }
}
