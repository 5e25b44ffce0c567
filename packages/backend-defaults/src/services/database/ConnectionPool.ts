// The connections to one database, shared by all plugins that use it.
import type { Knex } from 'knex';
import { markOutage } from '../../remote/outages';
import { DeadlinePassed, withDeadline } from '../../remote/withDeadline';
import type { DatabasePlan } from './DatabasePlan';
import { DatabaseFullError } from './databaseErrors';
import { DatabaseOutage } from './DatabaseOutage';

/** The part of knex's pool that is used here. */
interface TarnPool {
  acquire(): { promise: Promise<PooledConnection> };
  release(connection: PooledConnection): boolean;
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
  max: number;
}

/** A driver's connection, with the schema it was last switched to. */
export interface PooledConnection {
  query?(sql: string): Promise<unknown>;
  escapeIdentifier?(name: string): string;
  greenroomSchema?: string;
  /** The number of renewals of the pool when this connection was first used. */
  greenroomRenewals?: number;
  /** Makes knex replace the connection. */
  __knex__disposed?: unknown;
}

/** Connections of a pool that are in use and idle, requests that wait for one, and the most connections it may have. */
export interface ConnectionPoolUsage {
  name: string;
  used: number;
  idle: number;
  waiting: number;
  max: number;
}

/** The timeout in milliseconds for trivial statements, which normally take no time. */
const answerTimeout = 3_000;
/** The timeout in milliseconds for connecting to a server that was lost, so that its return is soon noticed. */
const probeTimeout = 4_000;
/** The minimum time between two renewals of all connections, in milliseconds. */
const renewalInterval = 1_000;

/** A pool that waits for a known server to come back. */
export class ConnectionPool {
  readonly name: string;
  /** The client that opens and closes the connections. */
  readonly owner: Knex;
  readonly #plan: DatabasePlan;
  readonly #outage: DatabaseOutage;
  #isFull = false;
  #closed = false;
  #checking: Promise<unknown> | undefined;
  #renewals = 0;
  #renewedAt = -Infinity;

  /** @param options - `reconnectTimeout`: how long to wait for a lost server, in milliseconds. */
  constructor(plan: DatabasePlan, options: { reconnectTimeout: number }) {
    this.name = plan.name;
    this.owner = plan.makeKnex(plan.poolConfig);
    this.#plan = plan;
    this.#outage = new DatabaseOutage(plan, {
      patience: options.reconnectTimeout,
      probe: () => this.#connectAnew(),
    });
    plan.whenOutOfReach?.(error => this.#outage.begin(error));
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

  /** Acquires a connection, switched to `schema` if one is given. */
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
   * Handles an error of a plugin's query: marks outages, adds to an error about lacking space where it is lacking,
   * and renews all connections if the server is read-only, like a former primary after a failover.
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
   * Rejects if the database does not answer, has lost its file, or ran out of space and still has none. A pool
   * whose only connection is busy counts as healthy.
   */
  async check(): Promise<void> {
    await this.#plan.checkFile?.();
    if (this.#isFull) {
      await this.#checkSpace();
      return;
    }
    if (this.#outage.isLong) {
      await this.#outage.probe();
      return;
    }
    const { used, max } = this.usage;
    if (max === 1 && used === 1) return;
    // One check at a time: each takes a connection, and callers don't wait for its end.
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

  /** Not in the pool, where others would come to wait for an attempt that is stuck. */
  async #connectAnew(): Promise<void> {
    const { client } = this.owner;
    const connecting: Promise<PooledConnection> = client.acquireRawConnection();
    try {
      await withDeadline(connecting, probeTimeout);
    } catch (error) {
      if (error instanceof DeadlinePassed) Object.assign(error, { code: 'ETIMEDOUT' });
      throw error;
    } finally {
      connecting.then(connection => client.destroyRawConnection(connection)).catch(() => {});
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

/** On a timeout, lets the connection be replaced like a lost one: its other end may have vanished. */
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
