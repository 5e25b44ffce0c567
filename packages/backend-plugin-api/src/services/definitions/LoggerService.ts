// The interface of the loggers that plugins receive.
import type { JsonObject } from '@backstage/types';

/**
 * Writes log lines that carry the plugin they come from.
 *
 * `meta` becomes fields of the line; an `Error` is logged with its stack and its causes.
 */
export interface LoggerService {
  /** Something failed and someone should look at it. */
  error(message: string, meta?: Error | JsonObject): void;
  /** Something is wrong, but the work goes on. */
  warn(message: string, meta?: Error | JsonObject): void;
  /** What an operator wants to see in normal operation. */
  info(message: string, meta?: Error | JsonObject): void;
  /** Detail for finding a fault; off by default. */
  debug(message: string, meta?: Error | JsonObject): void;
  /** A logger that adds `meta` to each of its lines. */
  child(meta: JsonObject): LoggerService;
}
