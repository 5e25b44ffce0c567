// The connections to one database, which all plugins share that use it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { DatabasePlan } from './DatabaseConnector';

/** The part of knex's own pool that is used here. */
interface TarnPool {
  acquire(): { promise: Promise<PooledConnection> };
  release(connection: PooledConnection): boolean;
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
  max: number;
}

/** A driver's connection, with the schema it was last put to. */
export interface PooledConnection {
  query?(sql: string): Promise<unknown>;
  escapeIdentifier?(name: string): string;
  greenroomSchema?: string;
}

/** How busy a pool is. */
export interface ConnectionPoolUsage {
  name: string;
  used: number;
  idle: number;
  waiting: number;
  max: number;
}

const retryMs = 100;

/** A pool that waits for a server that was there before and is coming back. */
export class ConnectionPool {
  readonly name: string;
  /** The client that opens and closes connections. */
  readonly owner: Knex;
  readonly #isConnectionLoss: (error: unknown) => boolean;
  readonly #reconnectTimeout: number;
  #connected = false;
  #closed = false;

  /** @param options - `reconnectTimeout`: milliseconds for which a lost server is waited for. */
  constructor(plan: DatabasePlan, options: { reconnectTimeout: number }) {
    this.name = plan.name;
    this.owner = plan.makeKnex(plan.poolConfig);
    this.#isConnectionLoss = error => plan.isConnectionLoss(error);
    this.#reconnectTimeout = options.reconnectTimeout;
  }

  get usage(): ConnectionPoolUsage {
    const pool = this.#tarn;
    return {
      name: this.name,
      used: pool?.numUsed() ?? 0,
      idle: pool?.numFree() ?? 0,
      waiting: pool?.numPendingAcquires() ?? 0,
      max: pool?.max ?? 0,
    };
  }

  /** A connection that is in `schema`, where one is given. */
  async acquire(schema?: string): Promise<PooledConnection> {
    const giveUpAt = performance.now() + this.#reconnectTimeout;
    for (;;) {
      try {
        const connection = await this.#pool().acquire().promise;
        await this.#enter(connection, schema);
        this.#connected = true;
        return connection;
      } catch (error) {
        // At the start, whoever has mistyped the address is to know at once.
        const again = this.#connected && !this.#closed && this.#isConnectionLoss(error);
        if (!again || performance.now() + retryMs > giveUpAt) {
          throw error;
        }
        await sleep(retryMs);
      }
    }
  }

  release(connection: PooledConnection): boolean {
    return this.#tarn?.release(connection) ?? true;
  }

  /** Rejects where the database does not answer. One that is busy with its only connection is well. */
  async check(): Promise<void> {
    const { used, max } = this.usage;
    if (max === 1 && used === 1) {
      return;
    }
    await this.owner.raw('select 1');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.owner.destroy();
  }

  get #tarn(): TarnPool | undefined {
    return this.owner.client.pool;
  }

  #pool(): TarnPool {
    const pool = this.#tarn;
    if (!pool) {
      throw new Error(`The connections to ${this.name} have been closed`);
    }
    return pool;
  }

  async #enter(connection: PooledConnection, schema: string | undefined): Promise<void> {
    if (schema === undefined || connection.greenroomSchema === schema) {
      return;
    }
    try {
      await connection.query!(`set search_path to ${connection.escapeIdentifier!(schema)}`);
      connection.greenroomSchema = schema;
    } catch (error) {
      this.release(connection);
      throw error;
    }
  }
}
