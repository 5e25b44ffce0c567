// Tracks whether a known server is unreachable, so that not every query has to wait to find out.
import { setTimeout as sleep } from 'node:timers/promises';
import { OutageLog } from '../../remote/OutageLog';
import type { DatabasePlan } from './DatabasePlan';
import { DatabaseUnavailableError } from './databaseErrors';

const retryMs = 100;

/** Connection attempts go `through` it, and health checks `note` their result in it. */
export class DatabaseOutage {
  readonly #plan: DatabasePlan;
  readonly #patience: number;
  readonly #log: OutageLog;
  #reached = false;
  /** When the server was first found unreachable; undefined while it is reachable. */
  #lostAt: number | undefined;
  #lastLoss: unknown;
  #tried = false;

  /** @param patience - how long to wait for the server, in milliseconds. */
  constructor(plan: DatabasePlan, patience: number) {
    this.#plan = plan;
    this.#patience = patience;
    this.#log = new OutageLog({
      logger: plan.logger,
      subject: `The database '${plan.name}'`,
      withoutIt: 'Requests that need it get 503, and all else that does fails or waits, until it answers',
    });
  }

  /**
   * Connects, and retries during a short outage. During a longer one, only one caller at a time tries; all others
   * reject at once with `DatabaseUnavailableError`.
   */
  async through<T>(connect: () => Promise<T>): Promise<T> {
    const giveUpAt = performance.now() + this.#patience;
    for (;;) {
      const tries = this.#isLong;
      if (tries && this.#tried) throw this.#unavailable();
      this.#tried ||= tries;
      try {
        return await this.note(connect);
      } catch (error) {
        // At the first attempt, a mistyped address must be reported at once.
        if (!this.#reached || !this.#plan.isConnectionLoss(error)) throw error;
      } finally {
        if (tries) this.#tried = false;
      }
      if (this.#isLong || performance.now() + retryMs > giveUpAt) throw this.#unavailable();
      await sleep(retryMs);
    }
  }

  /** Derives from the outcome of a call whether the server is reachable. */
  async note<T>(call: () => Promise<T>): Promise<T> {
    try {
      const result = await call();
      this.#reached = true;
      this.#lostAt = undefined;
      this.#log.up(true);
      return result;
    } catch (error) {
      if (this.#reached && this.#plan.isConnectionLoss(error)) {
        this.#lostAt ??= performance.now();
        this.#lastLoss = error;
        if (this.#isLong) this.#log.down(error as Error);
      }
      throw error;
    }
  }

  get #isLong(): boolean {
    return this.#lostAt !== undefined && performance.now() + retryMs > this.#lostAt + this.#patience;
  }

  #unavailable(): DatabaseUnavailableError {
    return new DatabaseUnavailableError({ name: this.#plan.name, cause: this.#lastLoss });
  }
}
