// Sends knex's messages to the plugin's logger. By itself knex writes to the console, bypassing redaction.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';

/** The `log` option of knex. */
export function knexLog(logger: LoggerService): Knex.Logger {
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
