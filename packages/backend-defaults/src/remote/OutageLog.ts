// Logs the outages of a server: once when one begins, and once when it is over.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { reasonOf } from './reasonOf';

const refusalInterval = 60_000;

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
  #refusalToldAt = -Infinity;

  constructor(options: OutageLogOptions) {
    this.#options = options;
  }

  /** Logs a warning, unless the server was already down. */
  down(error: Error): void {
    if (this.#downSince === undefined) {
      this.#downSince = performance.now();
      const { logger, subject, withoutIt } = this.#options;
      logger.warn(`${subject} can't be used: ${reasonOf(error)}. ${withoutIt}.`);
    }
  }

  /** @param complete - whether all values that changed meanwhile were known, and have been removed */
  up(complete: boolean): void {
    if (this.#downSince === undefined) return;
    const { logger, subject } = this.#options;
    const seconds = Math.ceil((performance.now() - this.#downSince) / 1000);
    this.#downSince = undefined;
    logger.info(`${subject} is used again after ${seconds} s`);
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
}
