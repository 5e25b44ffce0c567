// The interface of a plugin's database.
import type { Knex } from 'knex';

/** Gives each plugin its own database or schema, which it shares with no other plugin. */
export interface DatabaseService {
  /**
   * Returns a client. The first call connects, later calls return the same client; if connecting fails, the next call
   * tries again. The service closes the client after the shutdown hooks of all plugins.
   */
  getClient(): Promise<Knex>;
  /** What the operator has configured for migrations. */
  migrations?: {
    /** Whether to skip migrations, for example on a read-only replica. Defaults to `false`. */
    skip?: boolean;
  };
}
