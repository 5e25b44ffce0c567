// The table of public keys in a plugin's database, shared by all instances of the plugin.
import type { DatabaseService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import { memoizeSuccess } from '../../../memoizeSuccess';
import { markOutage } from '../../../remote/outages';
import type { PublicKey } from './PluginKeySource';

const table = 'greenroom_auth_public_keys';
/**
 * The query timeout in milliseconds. Without it a vanished server would block all calls of a plugin, which wait for
 * its key, for minutes.
 */
const longestAnswer = 10_000;

interface KeyRow {
  id: string;
  key: string;
  /** Milliseconds since 1970 by the database's clock, because the clocks of the instances may differ. */
  expires_at: number;
}

/** Opens the database and creates the table on the first call. */
export class KeyTable {
  readonly #database: DatabaseService;
  readonly #answerTimeout: number;
  readonly #open = memoizeSuccess(() => this.#prepare());

  /** @param options - `answerTimeout`: the query timeout in milliseconds. Default: 10 s. */
  constructor(database: DatabaseService, options: { answerTimeout?: number } = {}) {
    this.#database = database;
    this.#answerTimeout = options.answerTimeout ?? longestAnswer;
  }

  /** Deletes expired keys, then adds one that expires after `lastsMs`, unless it already exists. */
  async add(key: PublicKey & { kid: string }, lastsMs: number): Promise<void> {
    const client = await this.#open();
    const expiresAt = client.raw('? + ?', [nowOf(client), lastsMs]);
    const row = { id: key.kid, key: JSON.stringify(key), expires_at: expiresAt };
    const ms = this.#answerTimeout;
    await inTime(client<KeyRow>(table).where('expires_at', '<=', nowOf(client)).delete().timeout(ms));
    await inTime(client<KeyRow>(table).insert(row).onConflict('id').ignore().timeout(ms));
  }

  /** Returns the keys that have not expired. */
  async list(): Promise<PublicKey[]> {
    const client = await this.#open();
    const unexpired = client<KeyRow>(table).where('expires_at', '>', nowOf(client));
    const rows = await inTime(unexpired.select('key').timeout(this.#answerTimeout));
    return rows.map(({ key }) => JSON.parse(key) as PublicKey);
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
      // Another instance may have created it in the meantime.
      if (!(await this.#isIn(client))) {
        throw error;
      }
    }
    return client;
  }

  /** Only SQLite uses the schema builder for this, because the schema builder has no timeout. */
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

/** Marks a query timeout as an outage. Knex has already discarded the connection. */
async function inTime<T>(asked: PromiseLike<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const { name } = error as Error;
    throw name === 'KnexTimeoutError' ? markOutage(error as Error) : error;
  }
}

/** SQLite needs no shared clock, because it has a single instance. */
function nowOf(client: Knex): Knex.Raw {
  return isPostgres(client)
    ? client.raw('(extract(epoch from statement_timestamp()) * 1000)::bigint')
    : client.raw('?', [Date.now()]);
}
