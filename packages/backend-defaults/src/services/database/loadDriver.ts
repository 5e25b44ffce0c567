// Loads knex and a database driver when the first plugin asks for its database.
import type { Knex } from 'knex';
import { DatabaseDriverMissingError } from './databaseErrors';

/**
 * Returns knex if the driver `client` can be loaded. Rejects with `DatabaseDriverMissingError`.
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
  // Knex is a CommonJS module, so an ES module only sees its default export.
  return (await import('knex')).default;
}
