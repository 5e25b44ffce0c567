// Loads knex and a database driver when the first plugin asks for its database.
import type { Knex } from 'knex';
import { DatabaseDriverMissingError } from './databaseErrors';

/** Gives knex once the driver `client` is known to be there. Rejects with `DatabaseDriverMissingError`. */
export async function loadDriver(client: string, pluginId: string): Promise<(config: Knex.Config) => Knex> {
  try {
    await import(client);
  } catch (cause) {
    throw new DatabaseDriverMissingError({ client, pluginId, cause });
  }
  // Its default export is the one that every module loader, of Node, of bundlers and of test runners, agrees on.
  const loaded = await import('knex');
  return loaded.default;
}
