// Keeps one connection to an unreliable server: replaces it, gives up on it, and retries later.
import { OutageLog, type OutageLogOptions } from './OutageLog';
import { reasonOf } from './reasonOf';
import { DeadlinePassed, withDeadline } from './withDeadline';

/**
 * A connection that starts opening when it is created. It is discarded once it breaks, and never reconnects by
 * itself.
 */
export interface LinkConnection {
  /** Resolves when commands can be sent. */
  opened: Promise<unknown>;
  /** Whether commands can reach the server, as far as is known. */
  isOpen(): boolean;
  /** Why some of its servers are of no use to it, in words, if there are several. */
  refusals?(): string[];
  /** Closes it after its running commands. */
  end(): Promise<unknown>;
  /** Closes it at once. Running commands reject. */
  destroy(): void;
}

/** Begins to connect. `onBreak` is called at most once, if an open connection is lost without having been closed. */
export type OpenLink<C extends LinkConnection> = (onBreak: (error: Error) => void) => C;

/** Options of {@link RemoteLink}. Times are in milliseconds. */
export interface RemoteLinkOptions<C extends LinkConnection> extends OutageLogOptions {
  open: OpenLink<C>;
  /** Prepares a new connection before it is used. Resolves to whether no changes were forgotten meanwhile. */
  prepare?(connection: C): Promise<boolean>;
  /** How long a command may take, including the wait for a connection. */
  commandTimeout: number;
  /** How long opening a connection may take, in the background. Default 2 s. */
  openTimeout?: number;
  /** How long to wait before connecting to a failed server again. Default 1 s. */
  retryInterval?: number;
}

/** A connection that is being opened. */
interface Opening {
  /** Never rejects. */
  done: Promise<unknown>;
  abort(error: Error): void;
  /** Whether a command has waited in vain, in which case others do not wait. */
  slow: boolean;
}

// Shared, because creating an error costs more than everything else that happens while a server is down.
const notConnected = new Error('There is no connection to the server');

/**
 * No command takes longer than `commandTimeout`. A broken connection is replaced at once. If that fails, or the
 * server does not answer, all commands reject immediately, and from time to time one of them starts a new connection
 * in the background.
 */
export class RemoteLink<C extends LinkConnection> {
  readonly log: OutageLog;
  readonly #options: RemoteLinkOptions<C> & { openTimeout: number; retryInterval: number };
  #connection: C | undefined;
  #openedAt = 0;
  #opening: Opening | undefined;
  /** Set while the server is down. */
  #retryAt: number | undefined;
  #closed = false;

  constructor(options: RemoteLinkOptions<C>) {
    this.#options = { openTimeout: 2_000, retryInterval: 1_000, ...options };
    this.log = new OutageLog(options);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Begins to connect, so that the first command need not wait. */
  connect(): void {
    if (this.#opening) return;
    let abort!: Opening['abort'];
    const aborted = new Promise<never>((_, reject) => (abort = reject));
    aborted.catch(() => {});
    const done = this.#open(aborted).then(() => (this.#opening = undefined));
    this.#opening = { done, abort, slow: false };
  }

  /** @param onRefusal - called when the server answers with an error. Default: `giveUp` */
  async run<T>(
    command: (connection: C) => Promise<T>,
    onRefusal: (connection: C, error: Error) => void = (connection, error) => this.giveUp(connection, error),
  ): Promise<T> {
    let time = this.#options.commandTimeout;
    if (!this.#connection) {
      const begin = performance.now();
      await this.#waitForConnection();
      time = Math.max(1, time - (performance.now() - begin));
    }
    const connection = this.#connection;
    if (!connection) {
      throw notConnected;
    }
    try {
      return await withDeadline(command(connection), time);
    } catch (error) {
      if (this.#connection === connection) {
        this.#commandFailed(connection, error as Error, onRefusal);
      }
      throw error;
    }
  }

  /** Treats the server as down until a new connection to it is ready. */
  giveUp(connection: C, error: Error): void {
    if (this.#connection === connection) {
      this.#connection = undefined;
      connection.destroy();
      this.#wentDown(error);
    }
  }

  /** Closes the connection after its running commands, or after their timeout. From then on, commands reject. */
  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#opening;
    opening?.abort(notConnected);
    await opening?.done;
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) {
      await withDeadline(connection.end(), this.#options.commandTimeout).catch(() => {});
      connection.destroy();
    }
  }

  /** If the server is down, returns at once, after starting to connect if that is due. */
  async #waitForConnection(): Promise<void> {
    if (this.#closed || (this.#retryAt !== undefined && performance.now() < this.#retryAt)) {
      return;
    }
    this.connect();
    const opening = this.#opening!;
    if (this.#retryAt === undefined && !opening.slow) {
      await withDeadline(opening.done, this.#options.commandTimeout).catch(() => (opening.slow = true));
    }
  }

  async #open(aborted: Promise<never>): Promise<void> {
    let connection: C | undefined;
    try {
      connection = this.#options.open(error => this.#broke(connection!, error));
      const prepared = this.#prepare(connection);
      const complete = await withDeadline(Promise.race([prepared, aborted]), this.#options.openTimeout);
      this.#connection = connection;
      this.#openedAt = performance.now();
      this.#retryAt = undefined;
      this.log.up(complete);
    } catch (error) {
      // One that is silent must not hide what the others answered.
      const refusals = error instanceof DeadlinePassed ? (connection?.refusals?.() ?? []) : [];
      connection?.destroy();
      this.#wentDown(
        refusals.length > 0 ? new Error([...refusals, reasonOf(error)].join(', ')) : (error as Error),
      );
    }
  }

  async #prepare(connection: C): Promise<boolean> {
    await connection.opened;
    return this.#options.prepare?.(connection) ?? true;
  }

  #commandFailed(connection: C, error: Error, onRefusal: (connection: C, error: Error) => void): void {
    if (error instanceof DeadlinePassed) {
      this.giveUp(connection, error);
    } else if (connection.isOpen()) {
      onRefusal(connection, error);
    } else {
      this.#broke(connection, error);
    }
  }

  /** Servers and proxies close idle connections, so a break alone is no reason for a warning. */
  #broke(connection: C, error: Error): void {
    if (performance.now() - this.#openedAt < this.#options.retryInterval) {
      this.giveUp(connection, error);
    } else if (this.#connection === connection) {
      this.#connection = undefined;
      connection.destroy();
      this.connect();
    }
  }

  #wentDown(error: Error): void {
    if (!this.#closed) {
      this.#retryAt = performance.now() + this.#options.retryInterval;
      this.log.down(error);
    }
  }
}
