// Loads knex and a database driver when the first plugin asks for its database.
import type { Knex } from 'knex';
import { DatabaseDriverMissingError } from './databaseErrors';

/**
 * Gives knex once the driver `client` is known to be there. Rejects with `DatabaseDriverMissingError`.
 *
 * @param probe - tries the driver out, and throws if it does not work
 */
export async function loadDriver(
  client: string,
  pluginId: string,
  probe?: (driver: unknown) => void,
): Promise<(config: Knex.Config) => Knex> {
  try {
    const driver: { default: unknown } = await import(client);
    probe?.(driver.default);
  } catch (cause) {
    throw new DatabaseDriverMissingError({ client, pluginId, cause });
  }
  // Knex is a CommonJS module, of which an ES module sees no names but the default.
  return (await import('knex')).default;
}
