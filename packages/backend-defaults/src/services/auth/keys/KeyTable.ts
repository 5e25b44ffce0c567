// The table of public keys in a plugin's database, shared by all instances of the plugin.
import type { DatabaseService } from '@greenroom/backend-plugin-api';
import type { JWK } from 'jose';
import type { Knex } from 'knex';
import { memoizeSuccess } from '../../../memoizeSuccess';
import { markOutage } from '../../../remote/outages';

const table = 'greenroom_auth_public_keys';
/** Milliseconds for which a query may get no answer. A server that has vanished gives none for minutes, and all calls of a plugin wait for its key. */
const longestAnswer = 10_000;

interface KeyRow {
  id: string;
  key: string;
  /** Milliseconds since 1970, by the clock of the database: those of the instances may differ. */
  expires_at: number;
}

/** Opens the database, and makes the table, with the first call. */
export class KeyTable {
  readonly #database: DatabaseService;
  readonly #answerTimeout: number;
  readonly #open = memoizeSuccess(() => this.#prepare());

  /** @param options - `answerTimeout`: milliseconds after which a query without an answer fails. Default: 10 s. */
  constructor(database: DatabaseService, options: { answerTimeout?: number } = {}) {
    this.#database = database;
    this.#answerTimeout = options.answerTimeout ?? longestAnswer;
  }

  /** Adds a key that expires after `lastsMs`, unless it is there already, and removes those that have expired. */
  async add(key: JWK & { kid: string }, lastsMs: number): Promise<void> {
    const client = await this.#open();
    const expiresAt = client.raw('? + ?', [nowOf(client), lastsMs]);
    const row = { id: key.kid, key: JSON.stringify(key), expires_at: expiresAt };
    const ms = this.#answerTimeout;
    await inTime(client<KeyRow>(table).insert(row).onConflict('id').ignore().timeout(ms));
    await inTime(client<KeyRow>(table).where('expires_at', '<=', nowOf(client)).delete().timeout(ms));
  }

  /** The keys that have not expired. */
  async list(): Promise<JWK[]> {
    const client = await this.#open();
    const unexpired = client<KeyRow>(table).where('expires_at', '>', nowOf(client));
    const rows = await inTime(unexpired.select('key').timeout(this.#answerTimeout));
    return rows.map(({ key }) => JSON.parse(key) as JWK);
  }

  async #prepare(): Promise<Knex> {
    const client = await this.#database.getClient();
    if (this.#database.migrations?.skip) return client;
    if (await this.#isIn(client)) return client;
    try {
      await client.schema.createTable(table, columns => {
        columns.comment('Public keys that verify the tokens of this plugin');
        columns.string('id').primary().notNullable();
        columns.text('key').notNullable();
        columns.bigInteger('expires_at').notNullable().index();
      });
    } catch (error) {
      // Another instance may have made it in the meantime.
      if (!(await this.#isIn(client))) {
        throw error;
      }
    }
    return client;
  }

  /** The schema builder, which SQLite is asked by, has no timeout. */
  async #isIn(client: Knex): Promise<boolean> {
    if (!isPostgres(client)) return client.schema.hasTable(table);
    const asked = client.raw('select to_regclass(?) is not null as found', [table]);
    const { rows } = await inTime(asked.timeout(this.#answerTimeout));
    return rows[0].found;
  }
}

function isPostgres(client: Knex): boolean {
  return client.client.config.client === 'pg';
}

/** A query that got no answer in time is an outage; knex has given its connection up. */
async function inTime<T>(asked: PromiseLike<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const { name } = error as Error;
    throw name === 'KnexTimeoutError' ? markOutage(error as Error) : error;
  }
}

/** SQLite has no clock but that of its only instance. */
function nowOf(client: Knex): Knex.Raw {
  return isPostgres(client)
    ? client.raw('(extract(epoch from statement_timestamp()) * 1000)::bigint')
    : client.raw('?', [Date.now()]);
}
