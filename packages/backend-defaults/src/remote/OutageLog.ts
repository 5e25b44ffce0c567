// Tells the log about a server that fails: once when it begins, and once when it is over.
import type { LoggerService } from '@greenroom/backend-plugin-api';

const refusalInterval = 60_000;

/** Options of {@link OutageLog}. */
export interface OutageLogOptions {
  logger: LoggerService;
  /** Names the server, with its address but without a password, to begin a sentence. */
  subject: string;
  /** What it means that the server is down: a sentence without its full stop. */
  withoutIt: string;
}

/** Words what happens to one server. */
export class OutageLog {
  readonly #logger: LoggerService;
  readonly #subject: string;
  readonly #withoutIt: string;
  #downSince: number | undefined;
  #refusalToldAt = -Infinity;

  constructor(options: OutageLogOptions) {
    this.#logger = options.logger;
    this.#subject = options.subject;
    this.#withoutIt = options.withoutIt;
  }

  /** A warning, unless the server was down before. */
  down(error: Error): void {
    if (this.#downSince === undefined) {
      this.#downSince = performance.now();
      this.#logger.warn(`${this.#subject} can't be used: ${reason(error)}. ${this.#withoutIt}.`);
    }
  }

  /** @param complete - whether all values that changed meanwhile are known, and have been removed */
  up(complete: boolean): void {
    if (this.#downSince === undefined) {
      return;
    }
    const seconds = Math.ceil((performance.now() - this.#downSince) / 1000);
    this.#downSince = undefined;
    this.#logger.info(`${this.#subject} is used again after ${seconds} s`);
    if (!complete) {
      this.#logger.warn(
        `${this.#subject} may hold old values until they expire, because too much changed while it could not be told. Flush it where that matters.`,
      );
    }
  }

  /** A warning, at most once a minute. */
  refused(error: Error): void {
    const now = performance.now();
    if (now - this.#refusalToldAt >= refusalInterval) {
      this.#refusalToldAt = now;
      this.#logger.warn(
        `${this.#subject} refuses to store values: ${reason(error)}. They are computed anew each time until the server takes them.`,
      );
    }
  }
}

function reason(error: Error): string {
  // What Node gives when a host has several addresses and none answers; its own message is empty.
  const { errors } = error as AggregateError;
  return (
    error.message.replace(/\.$/, '') ||
    (Array.isArray(errors) ? errors.map(reason).join(', ') : String(error))
  );
}
