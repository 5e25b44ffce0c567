// The table of public keys in a plugin's database, shared by all instances of the plugin.
import type { DatabaseService } from '@greenroom/backend-plugin-api';
import type { JWK } from 'jose';
import type { Knex } from 'knex';
import { memoizeSuccess } from '../../../memoizeSuccess';

const table = 'greenroom_auth_public_keys';

interface KeyRow {
  id: string;
  key: string;
  /** Milliseconds since 1970, by the clock of the database: those of the instances may differ. */
  expires_at: number;
}

/** Opens the database, and makes the table, with the first call. */
export class KeyTable {
  readonly #database: DatabaseService;
  readonly #open = memoizeSuccess(() => this.#prepare());

  constructor(database: DatabaseService) {
    this.#database = database;
  }

  /** Adds a key that expires after `lastsMs`, and removes those that have expired. */
  async add(key: JWK & { kid: string }, lastsMs: number): Promise<void> {
    const client = await this.#open();
    await client<KeyRow>(table).insert({
      id: key.kid,
      key: JSON.stringify(key),
      expires_at: client.raw('? + ?', [nowOf(client), lastsMs]),
    });
    await client<KeyRow>(table).where('expires_at', '<=', nowOf(client)).delete();
  }

  /** The keys that have not expired. */
  async list(): Promise<JWK[]> {
    const client = await this.#open();
    const rows = await client<KeyRow>(table).where('expires_at', '>', nowOf(client)).select('key');
    return rows.map(({ key }) => JSON.parse(key) as JWK);
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

/** SQLite has no clock but that of its only instance. */
function nowOf(client: Knex): Knex.Raw {
  return client.client.config.client === 'pg'
    ? client.raw('(extract(epoch from statement_timestamp()) * 1000)::bigint')
    : client.raw('?', [Date.now()]);
}
