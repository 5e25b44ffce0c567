// The connections to one database, which all plugins share that use it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { DatabasePlan, DatabaseSpace } from './DatabaseConnector';
import { DatabaseFullError } from './databaseErrors';

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
  readonly #space: DatabaseSpace | undefined;
  readonly #reconnectTimeout: number;
  #isFull = false;
  #connected = false;
  #closed = false;

  /** @param options - `reconnectTimeout`: milliseconds for which a lost server is waited for. */
  constructor(plan: DatabasePlan, options: { reconnectTimeout: number }) {
    this.name = plan.name;
    this.owner = plan.makeKnex(plan.poolConfig);
    this.#isConnectionLoss = error => plan.isConnectionLoss(error);
    this.#space = plan.space;
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

  /** Takes note of an error of a plugin's query, and makes it say where space is lacking if it is about that. */
  noteFailure(error: Error, pluginId: string): void {
    if (!this.#space?.isLacking(error)) return;
    this.#isFull = true;
    error.message += `: no space is left for the database of plugin '${pluginId}' in ${this.#space.place}`;
  }

  /**
   * Rejects where the database does not answer, or was out of space when it was last written to and still is. One that is
   * busy with its only connection is well.
   */
  async check(): Promise<void> {
    if (this.#isFull) {
      await this.#checkSpace(this.#space!);
      return;
    }
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

  async #checkSpace({ place, probe }: DatabaseSpace): Promise<void> {
    try {
      await probe();
      this.#isFull = false;
    } catch (cause) {
      throw new DatabaseFullError({ place, cause });
    }
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
