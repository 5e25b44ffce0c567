// Tells the log about a cache server that fails: once when it begins, and once when it is over.
import type { LoggerService } from '@greenroom/backend-plugin-api';

const refusalInterval = 60_000;

/** Words what happens to one server. */
export class OutageLog {
  readonly #logger: LoggerService;
  readonly #address: string;
  #downSince: number | undefined;
  #refusalToldAt = -Infinity;

  /** @param address - where the server is, without a password */
  constructor(logger: LoggerService, address: string) {
    this.#logger = logger;
    this.#address = address;
  }

  /** A warning, unless the server was down before. */
  down(error: Error): void {
    if (this.#downSince === undefined) {
      this.#downSince = performance.now();
      this.#logger.warn(
        `The cache at ${this.#address} can't be used: ${reason(error)}. The backend goes on without cached values, and uses it again when it answers.`,
      );
    }
  }

  /** @param complete - whether all values that changed meanwhile are known, and have been removed */
  up(complete: boolean): void {
    if (this.#downSince === undefined) {
      return;
    }
    const seconds = Math.ceil((performance.now() - this.#downSince) / 1000);
    this.#downSince = undefined;
    this.#logger.info(`The cache at ${this.#address} is used again after ${seconds} s`);
    if (!complete) {
      this.#logger.warn(
        `So much changed while the cache at ${this.#address} could not be used that it may hold old values until they expire. Flush it where that matters.`,
      );
    }
  }

  /** A warning, at most once a minute. */
  refused(error: Error): void {
    const now = performance.now();
    if (now - this.#refusalToldAt >= refusalInterval) {
      this.#refusalToldAt = now;
      this.#logger.warn(
        `The cache at ${this.#address} refuses to store values: ${reason(error)}. They are computed anew each time until the server takes them.`,
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
