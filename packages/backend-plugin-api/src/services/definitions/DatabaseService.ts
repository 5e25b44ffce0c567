// The interface of a plugin's database.
import type { Knex } from 'knex';

/** Gives each plugin a database, or a schema, that it shares with no other plugin. */
export interface DatabaseService {
  /** Connects on the first call; later calls give the same client. The service closes it when the backend stops. */
  getClient(): Promise<Knex>;
  /** What the operator decided about migrations. */
  migrations?: {
    /** Whether to leave the schema as it is, as on a read-only replica. Defaults to `false`. */
    skip?: boolean;
  };
}
