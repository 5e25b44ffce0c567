// The connections to one database, which all plugins share that use it.
import type { Knex } from 'knex';
import { markOutage } from '../../remote/outages';
import { DeadlinePassed, withDeadline } from '../../remote/withDeadline';
import type { DatabasePlan } from './DatabasePlan';
import { DatabaseFullError } from './databaseErrors';
import { DatabaseOutage } from './DatabaseOutage';

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
  /** How often all connections had been renewed when this one was first used. */
  greenroomRenewals?: number;
  /** Makes knex replace it. */
  __knex__disposed?: unknown;
}

/** How busy a pool is. */
export interface ConnectionPoolUsage {
  name: string;
  used: number;
  idle: number;
  waiting: number;
  max: number;
}

/** Milliseconds for which a connection may leave what takes no time without an answer. */
const answerTimeout = 3_000;
/** Milliseconds between two renewals of all connections at least. */
const renewalInterval = 1_000;

/** A pool that waits for a server that was there before and is coming back. */
export class ConnectionPool {
  readonly name: string;
  /** The client that opens and closes connections. */
  readonly owner: Knex;
  readonly #plan: DatabasePlan;
  readonly #outage: DatabaseOutage;
  #isFull = false;
  #closed = false;
  #checking: Promise<unknown> | undefined;
  #renewals = 0;
  #renewedAt = -Infinity;

  /** @param options - `reconnectTimeout`: milliseconds for which a lost server is waited for. */
  constructor(plan: DatabasePlan, options: { reconnectTimeout: number }) {
    this.name = plan.name;
    this.owner = plan.makeKnex(plan.poolConfig);
    this.#plan = plan;
    this.#outage = new DatabaseOutage(plan, options.reconnectTimeout);
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
  acquire(schema?: string): Promise<PooledConnection> {
    return this.#outage.through(async () => {
      const connection = await this.#upToDate();
      await this.#enter(connection, schema);
      return connection;
    });
  }

  release(connection: PooledConnection): boolean {
    return this.#tarn?.release(connection) ?? true;
  }

  /**
   * Takes note of an error of a plugin's query: makes it say where space is lacking if it is about that, and connects anew
   * where the server takes no writes, as one that was the primary before a failover.
   */
  noteFailure(error: Error, pluginId: string): void {
    const { space } = this.#plan;
    if (space?.isLacking(error)) {
      this.#isFull = true;
      error.message += `: no space is left for the database of plugin '${pluginId}' in ${space.place}`;
      markOutage(error);
    } else if (this.#plan.isReadOnly(error)) {
      this.#renew();
      markOutage(error);
    } else if (this.#plan.isUnavailable(error)) {
      markOutage(error);
    }
  }

  /**
   * Rejects where the database does not answer, has lost its file, or was out of space when it was last written to and still
   * is. One that is busy with its only connection is well.
   */
  async check(): Promise<void> {
    await this.#plan.checkFile?.();
    if (this.#isFull) {
      await this.#checkSpace();
      return;
    }
    const { used, max } = this.usage;
    if (max === 1 && used === 1) return;
    // One at a time, as nobody waits for its end, and each takes a connection.
    this.#checking ??= this.#outage.note(() => this.#ask()).finally(() => (this.#checking = undefined));
    await this.#checking;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.owner.destroy();
  }

  async #ask(): Promise<void> {
    const connection = await this.#pool().acquire().promise;
    try {
      await answered(connection, Promise.resolve(this.owner.raw('select 1').connection(connection)));
    } finally {
      this.release(connection);
    }
  }

  async #checkSpace(): Promise<void> {
    const { place, probe } = this.#plan.space!;
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
    if (!pool || this.#closed) {
      throw new Error(`The connections to ${this.name} have been closed`);
    }
    return pool;
  }

  #renew(): void {
    if (performance.now() - this.#renewedAt > renewalInterval) {
      this.#renewedAt = performance.now();
      this.#renewals++;
    }
  }

  async #upToDate(): Promise<PooledConnection> {
    for (;;) {
      const connection = await this.#pool().acquire().promise;
      connection.greenroomRenewals ??= this.#renewals;
      if (connection.greenroomRenewals === this.#renewals) return connection;
      connection.__knex__disposed = 'its server took no writes';
      this.release(connection);
    }
  }

  async #enter(connection: PooledConnection, schema: string | undefined): Promise<void> {
    if (schema === undefined || connection.greenroomSchema === schema) return;
    try {
      const path = connection.escapeIdentifier!(schema);
      await answered(connection, connection.query!(`set search_path to ${path}`));
      connection.greenroomSchema = schema;
    } catch (error) {
      this.release(connection);
      throw error;
    }
  }
}

/** Lets a connection that gives no answer be replaced, as one that is lost: its other end may have vanished. */
async function answered(connection: PooledConnection, asked: Promise<unknown>): Promise<void> {
  try {
    await withDeadline(asked, answerTimeout);
  } catch (error) {
    if (error instanceof DeadlinePassed) {
      connection.__knex__disposed = error.message;
      Object.assign(error, { code: 'ETIMEDOUT' });
    }
    throw error;
  }
}
