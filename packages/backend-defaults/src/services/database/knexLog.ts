// Sends what knex has to say to the plugin's logger; knex itself would write to the console, past all redaction.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';

/** The `log` option of knex. */
export function knexLog(logger: LoggerService): Knex.Logger {
  return {
    debug: (message: unknown) => logger.debug(text(message)),
    // Whoever wanted the connection gets the error as well, and tells it in fewer lines.
    warn: (message: unknown) =>
      logger[text(message).startsWith('Acquire connection error') ? 'debug' : 'warn'](text(message)),
    error: (message: unknown) => logger.error(text(message)),
    deprecate: (method: string, alternative: string) =>
      logger.warn(`knex: ${method} is deprecated, use ${alternative}`),
  };
}

function text(message: unknown): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}
