// Keeps a connection that listens for PostgreSQL notifications, and replaces it when it is lost.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { EventEmitter } from 'node:events';
import { withDeadline } from '../../remote/withDeadline';

/** The part of a pg connection that is used here. */
export interface ListeningConnection extends EventEmitter {
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
}

/** What a {@link PostgresListener} needs. */
export interface PostgresListenerOptions {
  connect(): Promise<ListeningConnection>;
  /** A plain identifier. */
  channel: string;
  onNotification(payload: string): void;
  /** Called after a lost connection was replaced. Notifications in between are lost. */
  onReconnect(): void;
  /** Called on every heartbeat. */
  onHeartbeat(): void;
  logger: LoggerService;
}

/** Milliseconds between two checks of the connection, and the timeout of a check. */
const heartbeatInterval = 30_000;
const heartbeatTimeout = 10_000;
const longestPause = 30_000;
/** The timeout for connecting, in milliseconds. Longer than the driver's own. */
const openTimeout = 30_000;
/** How long a stop waits for the connection to close, in milliseconds. */
const endTimeout = 1_000;

/** Listens on one channel. */
export class PostgresListener {
  readonly #options: PostgresListenerOptions;
  #connection: ListeningConnection | undefined;
  #timer: NodeJS.Timeout | undefined;
  #attempts = 0;
  #stopped = false;

  constructor(options: PostgresListenerOptions) {
    this.#options = options;
  }

  /** Whether there is a connection, as far as is known. */
  get listens(): boolean {
    return this.#connection !== undefined;
  }

  /** Resolves once a connection is listening. Rejects if that fails. */
  async start(): Promise<void> {
    const { channel, onNotification } = this.#options;
    const connection = await this.#open();
    connection.on('notification', ({ payload }: { payload: string }) => onNotification(payload));
    const lost = (error?: Error) => this.#lost(connection, error);
    connection.on('error', lost);
    connection.on('end', () => lost());
    try {
      await withDeadline(connection.query(`listen ${channel}`), heartbeatTimeout);
    } catch (error) {
      connection.end().catch(() => {});
      throw error;
    }
    if (this.#stopped) {
      connection.end().catch(() => {});
      return;
    }
    this.#connection = connection;
    this.#attempts = 0;
    this.#schedule(heartbeatInterval, () => this.#beat(connection));
  }

  /** Closes the connection. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) await withDeadline(connection.end(), endTimeout).catch(() => {});
  }

  async #open(): Promise<ListeningConnection> {
    const opening = this.#options.connect();
    try {
      return await withDeadline(opening, openTimeout);
    } catch (error) {
      opening.then(late => late.end()).catch(() => {});
      throw error;
    }
  }

  /** Needed because a connection whose other end has vanished reports nothing by itself. */
  async #beat(connection: ListeningConnection): Promise<void> {
    try {
      await withDeadline(connection.query('select 1'), heartbeatTimeout);
    } catch (error) {
      return this.#lost(connection, error as Error);
    }
    if (this.#connection === connection) {
      this.#options.onHeartbeat();
      this.#schedule(heartbeatInterval, () => this.#beat(connection));
    }
  }

  #lost(connection: ListeningConnection, error?: Error): void {
    if (this.#stopped || this.#connection !== connection) return;
    this.#connection = undefined;
    connection.end().catch(() => {});
    this.#options.logger.warn(
      `The connection that listens for events of other instances is lost, and is made again${error ? `: ${error.message}` : ''}`,
    );
    this.#schedule(0, () => this.#reconnect());
  }

  async #reconnect(): Promise<void> {
    try {
      await this.start();
    } catch {
      this.#attempts += 1;
      this.#schedule(Math.min(longestPause, 250 * 2 ** this.#attempts), () => this.#reconnect());
      return;
    }
    if (!this.#stopped) {
      this.#options.logger.info('Events of other instances are received again');
      this.#options.onReconnect();
    }
  }

  #schedule(milliseconds: number, work: () => Promise<void>): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) {
      this.#timer = setTimeout(() => void work(), milliseconds).unref();
    }
  }
}
