// Gives each plugin a client for its own database, over as few connections as possible, and closes all of them.
import type { Config } from '@backstage/config';
import type { DatabaseService, LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import { DeadlinePassed, withDeadline } from '../../remote/withDeadline';
import { readDatabaseSettings, type PluginDatabaseSettings } from './config';
import { ConnectionPool, type ConnectionPoolUsage } from './ConnectionPool';
import { DatabaseClosedError, DatabaseInUseError, UnknownDatabaseClientError } from './databaseErrors';
import type { DatabasePlan, PlanDatabase } from './DatabasePlan';
import { guardMigrations } from './guardMigrations';
import { limitConcurrency } from './limitConcurrency';
import { PluginPool } from './PluginPool';
import { SilentConnections } from './postgres/SilentConnections';

// By client. Loaded for the first database that needs them, like knex and its drivers.
const planners: Readonly<Record<string, () => Promise<PlanDatabase>>> = {
  'better-sqlite3': async () => (await import('./sqlite/planSqlite')).planSqlite,
  pg: async () => (await import('./postgres/planPostgres')).planPostgres,
};

const defaultAcquireTimeout = 60_000;
/** How many plugins prepare their databases in parallel. Each takes an extra connection, and servers have few. */
const preparing = 4;
/** How long to wait when closing, in milliseconds: for queries, and after they have been given up. */
const patience = 5_000;
const lastPatience = 500;

/**
 * The databases of a backend. Plugins that use the same database share a pool of connections.
 *
 * @public
 */
export class DatabaseConnections {
  readonly #config: Config;
  readonly #clients = new Map<string, Promise<Knex>>();
  /** By the key of their plan. */
  readonly #pools = new Map<string, ConnectionPool>();
  readonly #silent = new SilentConnections();
  readonly #limitCreation = limitConcurrency(preparing);
  readonly #limitMigration = limitConcurrency(preparing);
  /** Keys that were warned of. */
  readonly #warned = new Set<string>();
  #closed = false;

  /** @param config - the whole configuration; a plugin's part is read when it asks for its database. */
  constructor(config: Config) {
    this.#config = config;
  }

  /** The database service of a plugin. Nothing is opened before `getClient` is called. */
  forPlugin(pluginId: string, { logger }: { logger: LoggerService }): DatabaseService {
    const { skipMigrations } = readDatabaseSettings(this.#config, pluginId);
    return {
      getClient: () => this.#getClient(pluginId, logger),
      migrations: { skip: skipMigrations },
    };
  }

  /** Usage figures of all open pools. */
  usage(): ConnectionPoolUsage[] {
    return [...this.#pools.values()].map(pool => pool.usage);
  }

  /** Rejects if an open database does not answer. */
  async check(): Promise<void> {
    await Promise.all([...this.#pools.values()].map(pool => pool.check()));
  }

  /**
   * Closes all clients. After that, `getClient` rejects with `DatabaseClosedError`. Queries that take longer than a few
   * seconds fail, because the server may be out of reach. Rejects with `DatabaseInUseError` if a connection is not even
   * released then.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const closing = this.#closeAll();
    try {
      await withDeadline(closing, patience);
    } catch (error) {
      if (!(error instanceof DeadlinePassed)) throw error;
      this.#silent.giveUpAll();
      await withDeadline(closing, lastPatience).catch(() => {});
      // Connections that are still being opened can't be given up, and hold nothing.
      const used = this.usage().filter(pool => pool.used > 0);
      if (used.length > 0) throw new DatabaseInUseError(used.map(({ name }) => name));
    }
  }

  async #closeAll(): Promise<void> {
    await Promise.allSettled(this.#clients.values());
    this.#clients.clear();
    await Promise.all([...this.#pools.values()].map(pool => pool.close()));
    this.#pools.clear();
  }

  #getClient(pluginId: string, logger: LoggerService): Promise<Knex> {
    if (this.#closed) {
      return Promise.reject(new DatabaseClosedError(pluginId));
    }
    const known = this.#clients.get(pluginId);
    if (known) return known;
    const client = this.#connect(readDatabaseSettings(this.#config, pluginId), logger);
    this.#clients.set(pluginId, client);
    // If the server is not up yet, the next call tries again.
    client.catch(() => this.#clients.delete(pluginId));
    return client;
  }

  async #connect(settings: PluginDatabaseSettings, logger: LoggerService): Promise<Knex> {
    const { client, numericPasswords, pluginId } = settings;
    for (const key of numericPasswords.filter(name => !this.#warned.has(name))) {
      this.#warned.add(key);
      logger.warn(
        `${key} was read as a number, which differs from what was written if that began with zeros or was of a form such as 1e3 or 0x10. Put it in quotes, in a variable of its own as '"123"'.`,
      );
    }
    const planDatabase = await plannerOf(client, pluginId);
    const current = () => readDatabaseSettings(this.#config, pluginId);
    const plan = await planDatabase(settings, logger, current, this.#silent);
    if (plan.ensureExists) {
      await this.#limitCreation(plan.ensureExists);
    }
    const pool = this.#poolOf(plan, settings);
    const knex = openClient(plan, pool, settings);
    guardMigrations(knex, (migrated, work) => this.#limitMigration(() => plan.migrationLock(migrated, work)));
    return knex;
  }

  #poolOf(plan: DatabasePlan, settings: PluginDatabaseSettings): ConnectionPool {
    let pool = this.#pools.get(plan.poolKey);
    if (!pool) this.#pools.set(plan.poolKey, (pool = new ConnectionPool(plan, settings)));
    return pool;
  }
}

async function plannerOf(client: string, pluginId: string): Promise<PlanDatabase> {
  const load = Object.hasOwn(planners, client) ? planners[client] : undefined;
  if (!load) {
    throw new UnknownDatabaseClientError({ client, pluginId, known: Object.keys(planners) });
  }
  return load();
}

/** A client that takes its connections from the pool, and otherwise looks as if it had opened them itself. */
function openClient(plan: DatabasePlan, pool: ConnectionPool, settings: PluginDatabaseSettings): Knex {
  const { client: owner } = pool.owner;
  const { connection: _, pool: ownPool, acquireConnectionTimeout, ...config } = plan.clientConfig;
  const { pluginId, connectionLimit } = settings;
  const knex = plan.makeKnex({
    ...config,
    connectionPool: new PluginPool({
      pluginId,
      pool,
      schema: plan.schema,
      limit: Math.min(connectionLimit, pool.usage.max),
      acquireTimeout: acquireConnectionTimeout ?? ownPool?.acquireTimeoutMillis ?? defaultAcquireTimeout,
    }),
  });
  knex.on('query-error', (error: Error) => pool.noteFailure(error, pluginId));
  // Plugins use these to open connections of their own, for example to listen for notifications.
  knex.client.connectionSettings = owner.connectionSettings;
  knex.client.config.connection = owner.config.connection;
  return knex;
}
