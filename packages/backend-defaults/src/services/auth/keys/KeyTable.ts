// The table of public keys in a plugin's database, shared by all instances of the plugin.
import type { DatabaseService } from '@greenroom/backend-plugin-api';
import type { JWK } from 'jose';
import type { Knex } from 'knex';

const table = 'greenroom_auth_public_keys';

interface KeyRow {
  id: string;
  key: string;
  /** Milliseconds since 1970; PostgreSQL gives a string. */
  expires_at: number | string;
}

/** Opens the database, and makes the table, with the first call. */
export class KeyTable {
  readonly #database: DatabaseService;
  #client: Promise<Knex> | undefined;

  constructor(database: DatabaseService) {
    this.#database = database;
  }

  /** Adds a key, and removes those that expired before `now`. */
  async add(key: JWK & { kid: string }, times: { now: number; expiresAt: number }): Promise<void> {
    const client = await this.#open();
    await client<KeyRow>(table).insert({
      id: key.kid,
      key: JSON.stringify(key),
      expires_at: times.expiresAt,
    });
    await client<KeyRow>(table).where('expires_at', '<=', times.now).delete();
  }

  /** The keys that expire after `now`. */
  async list(now: number): Promise<JWK[]> {
    const client = await this.#open();
    const rows = await client<KeyRow>(table).where('expires_at', '>', now).select('key');
    return rows.map(({ key }) => JSON.parse(key) as JWK);
  }

  #open(): Promise<Knex> {
    if (!this.#client) {
      const client = this.#prepare();
      this.#client = client;
      client.catch(() => (this.#client = undefined));
    }
    return this.#client;
  }

  async #prepare(): Promise<Knex> {
    const client = await this.#database.getClient();
    if (this.#database.migrations?.skip || (await client.schema.hasTable(table))) {
      return client;
    }
    try {
      await client.schema.createTable(table, columns => {
        columns.comment('Public keys that verify the tokens of this plugin');
        columns.string('id').primary().notNullable();
        columns.text('key').notNullable();
        columns.bigInteger('expires_at').notNullable().index();
      });
    } catch (error) {
      // Another instance may have made it in the meantime.
      if (!(await client.schema.hasTable(table))) {
        throw error;
      }
    }
    return client;
  }
}
