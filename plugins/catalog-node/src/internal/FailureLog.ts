// Logs failures of work that is repeated until it succeeds, without a line for each attempt.
import type { LoggerService } from '@greenroom/backend-plugin-api';

const REMIND_AFTER_MS = 60_000;

/** Tells when failures begin, after a minute and each time that they have lasted twice as long, and when they are over. */
export class FailureLog {
  readonly #logger: LoggerService;
  readonly #what: string;
  readonly #waits: boolean;
  /** When the first attempt failed, unless one has succeeded since. */
  #since: number | undefined;
  /** When to tell of it again, in milliseconds after `#since`; undefined if it has not been told yet. */
  #tellAfter: number | undefined;

  /**
   * @param what - the work, as the beginning of a sentence
   * @param options - `waits`: tells of a failure only if the next attempt fails as well, for work that is
   * repeated soon
   */
  constructor(logger: LoggerService, what: string, { waits = false } = {}) {
    this.#logger = logger;
    this.#what = what;
    this.#waits = waits;
  }

  failed(error: Error): void {
    const isEarly = this.#waits && this.#since === undefined;
    this.#since ??= performance.now();
    // The database service tells of outages itself, once for everything that needs the database.
    if (isEarly || (error as { code?: unknown }).code === 'GR_DATABASE_UNAVAILABLE') {
      this.#logger.debug(`${this.#what} failed, and is tried again: ${error.message}`);
    } else if (this.#tellAfter === undefined) {
      this.#tellAfter = REMIND_AFTER_MS;
      this.#logger.error(`${this.#what} failed, and is tried again until it works`, error);
    } else if (this.#lastedMs >= this.#tellAfter) {
      this.#tellAfter *= 2;
      this.#logger.error(`${this.#what} has failed for ${this.#seconds} s: ${error.message}`);
    }
  }

  worked(): void {
    if (this.#tellAfter !== undefined)
      this.#logger.info(`${this.#what} works again after ${this.#seconds} s`);
    this.#since = undefined;
    this.#tellAfter = undefined;
  }

  get #lastedMs(): number {
    return performance.now() - this.#since!;
  }

  get #seconds(): number {
    return Math.ceil(this.#lastedMs / 1000);
  }
}
