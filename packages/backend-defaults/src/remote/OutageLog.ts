// Logs the outages of a server: when one begins, from time to time, and when it is over.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { reasonOf } from './reasonOf';

const refusalInterval = 60_000;
/** How long an outage lasts until it is logged again, in milliseconds; doubled each time. */
const firstReminder = 60_000;

/** Options of {@link OutageLog}. */
export interface OutageLogOptions {
  logger: LoggerService;
  /** Identifies the server, with its address but without a password, as the beginning of a sentence. */
  subject: string;
  /** The consequences of the outage: a sentence without its full stop. */
  withoutIt: string;
}

/** Logs the state of one server. */
export class OutageLog {
  readonly #options: OutageLogOptions;
  #downSince: number | undefined;
  #remindAfter = firstReminder;
  #refusalToldAt = -Infinity;

  constructor(options: OutageLogOptions) {
    this.#options = options;
  }

  /** Called for every failed attempt to use the server. */
  down(error: Error): void {
    const { logger, subject, withoutIt } = this.#options;
    if (this.#downSince === undefined) {
      this.#downSince = performance.now();
      this.#remindAfter = firstReminder;
      logger.warn(`${subject} can't be used: ${reasonOf(error)}. ${withoutIt}.`);
    } else if (performance.now() - this.#downSince >= this.#remindAfter) {
      this.#remindAfter *= 2;
      logger.warn(`${subject} has been unusable for ${this.#downSeconds} s: ${reasonOf(error)}`);
    }
  }

  /** @param complete - whether all values that changed meanwhile were known, and have been removed */
  up(complete: boolean): void {
    if (this.#downSince === undefined) return;
    const { logger, subject } = this.#options;
    logger.info(`${subject} is used again after ${this.#downSeconds} s`);
    this.#downSince = undefined;
    if (!complete) {
      logger.warn(
        `${subject} may hold old values until they expire, because too much changed while it could not be told. Flush it where that matters.`,
      );
    }
  }

  /** Logs a warning, at most once a minute. */
  refused(error: Error): void {
    const now = performance.now();
    if (now - this.#refusalToldAt >= refusalInterval) {
      this.#refusalToldAt = now;
      const { logger, subject } = this.#options;
      logger.warn(
        `${subject} refuses to store values: ${reasonOf(error)}. They are computed anew each time until the server takes them.`,
      );
    }
  }

  get #downSeconds(): number {
    return Math.ceil((performance.now() - this.#downSince!) / 1000);
  }
}
