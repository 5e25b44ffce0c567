// The interface of the loggers that plugins receive.
import type { JsonObject } from '@backstage/types';

/**
 * Writes log entries that name the plugin they come from.
 *
 * `meta` becomes fields of the entry. An `Error` is logged with its stack and its causes.
 */
export interface LoggerService {
  /** Logs a failure that someone should look into. */
  error(message: string, meta?: Error | JsonObject): void;
  /** Logs a problem that does not stop the work. */
  warn(message: string, meta?: Error | JsonObject): void;
  /** Logs what an operator wants to see in normal operation. */
  info(message: string, meta?: Error | JsonObject): void;
  /** Logs details for debugging; off by default. */
  debug(message: string, meta?: Error | JsonObject): void;
  /** Returns a logger that adds `meta` to each of its entries. */
  child(meta: JsonObject): LoggerService;
}
