// A plugin's share of the connections to its database, in the shape of a knex pool.
import { longestTimer } from '../../config/readDuration';
import type { ConnectionPool, PooledConnection } from './ConnectionPool';
import { DatabaseBusyError } from './databaseErrors';

/** Options of {@link PluginPool}. */
export interface PluginPoolOptions {
  pluginId: string;
  pool: ConnectionPool;
  schema?: string;
  /** The maximum number of connections that the plugin may use at a time. */
  limit: number;
  /** How long a query waits for a connection, in milliseconds. */
  acquireTimeout: number;
}

/** Hands out at most `limit` connections at a time, in the order of the requests. */
export class PluginPool {
  readonly #options: PluginPoolOptions;
  readonly #used = new Set<PooledConnection>();
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(options: PluginPoolOptions) {
    this.#options = options;
  }

  acquire(): { promise: Promise<PooledConnection> } {
    return { promise: this.#acquire() };
  }

  release(connection: PooledConnection): boolean {
    const { pool } = this.#options;
    if (!this.#used.delete(connection)) return false;
    pool.release(connection);
    this.#pass();
    return true;
  }

  /** Does nothing: the connections are not the plugin's to close. */
  async destroy(): Promise<void> {}

  numUsed(): number {
    return this.#used.size;
  }

  numFree(): number {
    return this.#options.limit - this.#taken;
  }

  numPendingAcquires(): number {
    return this.#waiting.size;
  }

  async #acquire(): Promise<PooledConnection> {
    const { pool, schema, limit } = this.#options;
    if (this.#taken < limit) {
      this.#taken++;
    } else {
      await this.#turn();
    }
    try {
      const connection = await pool.acquire(schema);
      this.#used.add(connection);
      return connection;
    } catch (error) {
      this.#pass();
      throw error;
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const taken = () => {
        clearTimeout(timer);
        resolve();
      };
      const giveUp = () => {
        this.#waiting.delete(taken);
        reject(new DatabaseBusyError(this.#options));
      };
      const timer = setTimeout(giveUp, Math.min(this.#options.acquireTimeout, longestTimer)).unref();
      this.#waiting.add(taken);
    });
  }

  /** Passes the slot on to the longest waiting request. */
  #pass(): void {
    const [next] = this.#waiting;
    if (next) {
      this.#waiting.delete(next);
      next();
    } else {
      this.#taken--;
    }
  }
}
