// What knex tells of statements: its messages go to the plugin's logger, and its errors have no values.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';

/**
 * Options of knex. By itself it writes to the console, bypassing redaction, and puts the values of a statement, which may
 * be anything that a plugin keeps, into the message of its error.
 */
export function knexMessages(logger: LoggerService): Pick<Knex.Config, 'log' | 'compileSqlOnError'> {
  return { log: logTo(logger), compileSqlOnError: false };
}

function logTo(logger: LoggerService): Knex.Logger {
  return {
    debug: (message: unknown) => logger.debug(text(message)),
    warn(message: unknown) {
      const line = text(message);
      // The caller gets the error anyway, and the pool reports a longer outage once.
      if (/^(Acquire connection|Connection) error: /i.test(line)) logger.debug(line);
      else logger.warn(line);
    },
    error: (message: unknown) => logger.error(text(message)),
    deprecate: (method: string, alternative: string) =>
      logger.warn(`knex: ${method} is deprecated, use ${alternative}`),
  };
}

function text(message: unknown): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}
