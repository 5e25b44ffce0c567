// Sends what knex has to say to the plugin's logger; knex itself would write to the console, past all redaction.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';

/** The `log` option of knex. */
export function knexLog(logger: LoggerService): Knex.Logger {
  return {
    debug: (message: unknown) => logger.debug(text(message)),
    warn(message: unknown) {
      const line = text(message);
      // Whoever asked for a connection gets the error, and a server that stays away is told once by its pool.
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
