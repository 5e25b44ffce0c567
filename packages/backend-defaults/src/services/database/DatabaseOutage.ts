// Follows whether a server that was there before is out of reach, so that not every query has to wait to find out.
import { setTimeout as sleep } from 'node:timers/promises';
import { OutageLog } from '../../remote/OutageLog';
import type { DatabasePlan } from './DatabasePlan';
import { DatabaseUnavailableError } from './databaseErrors';

const retryMs = 100;

/** What connects goes `through` it, and what asks whether the server lives `notes` the answer. */
export class DatabaseOutage {
  readonly #plan: DatabasePlan;
  readonly #patience: number;
  readonly #log: OutageLog;
  #reached = false;
  /** When it was first found to be out of reach, if it has not been reached since. */
  #lostAt: number | undefined;
  #lastLoss: unknown;
  #tried = false;

  /** @param patience - milliseconds for which the server is waited for. */
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
   * Connects, again and again while the server is lost for a moment. Where it is away for longer, everybody but the one who tries
   * rejects at once, with `DatabaseUnavailableError`.
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
        // At the start, whoever has mistyped the address is to know at once.
        if (!this.#reached || !this.#plan.isConnectionLoss(error)) throw error;
      } finally {
        if (tries) this.#tried = false;
      }
      if (this.#isLong || performance.now() + retryMs > giveUpAt) throw this.#unavailable();
      await sleep(retryMs);
    }
  }

  /** Learns from how a call ends whether the server can be reached. */
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
