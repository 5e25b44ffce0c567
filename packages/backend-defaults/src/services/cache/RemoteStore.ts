// Keeps cached texts on a server, and goes on without it as soon as it fails.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { CacheStore } from './CacheStore';
import { OutageLog } from './OutageLog';
import type { OpenConnection, RemoteConnection } from './RemoteConnection';
import { StaleKeys } from './StaleKeys';
import { DeadlinePassed, withDeadline } from './withDeadline';

/** Options of {@link RemoteStore}; times in milliseconds. */
export interface RemoteStoreOptions {
  open: OpenConnection;
  /** Names the server in the log: its address without a password. */
  address: string;
  logger: LoggerService;
  /** How long a call may take. */
  commandTimeout: number;
  /** How long opening a connection may take, in the background. */
  openTimeout: number;
  /** How long to leave a server alone that failed. Default 1 s. */
  retryInterval?: number;
}

/** A connection on its way. */
interface Opening {
  /** Never rejects. */
  done: Promise<unknown>;
  abort(error: Error): void;
  /** Whether a call has waited in vain, so that others need not wait. */
  slow: boolean;
}

/**
 * No call rejects, and none takes longer than `commandTimeout`: what fails is a miss, or is not stored. A connection that breaks
 * is replaced at once; where that fails, or the server does not answer, every call returns immediately, and from time to
 * time one of them begins to connect anew in the background. Keys that changed meanwhile are removed before the server
 * is used again.
 */
export class RemoteStore implements CacheStore {
  readonly #options: Required<RemoteStoreOptions>;
  readonly #log: OutageLog;
  readonly #stale = new StaleKeys();
  #connection: RemoteConnection | undefined;
  #openedAt = 0;
  #opening: Opening | undefined;
  /** Set while the server is down. */
  #retryAt: number | undefined;
  #closed = false;

  constructor(options: RemoteStoreOptions) {
    this.#options = { retryInterval: 1_000, ...options };
    this.#log = new OutageLog(options.logger, options.address);
  }

  /** Begins to connect, so that the first call need not wait for it. */
  connect(): void {
    if (!this.#opening) {
      const opening = this.#open();
      this.#opening = opening;
      opening.done = opening.done.then(() => (this.#opening = undefined));
    }
  }

  get(key: string): Promise<string | undefined> {
    return this.#run(connection => connection.get(key));
  }

  async set(key: string, text: string, ttl?: number): Promise<void> {
    await this.#run(connection => connection.set(key, text, ttl), key);
  }

  async delete(key: string): Promise<void> {
    await this.#run(connection => connection.delete(key), key);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#opening;
    opening?.abort(new Error('The cache was closed'));
    await opening?.done;
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) {
      await withDeadline(connection.end(), this.#options.commandTimeout).catch(() => {});
      connection.destroy();
    }
  }

  /** @param changing - the key that the command changes */
  async #run<T>(
    command: (connection: RemoteConnection) => Promise<T>,
    changing?: string,
  ): Promise<T | undefined> {
    let time = this.#options.commandTimeout;
    if (!this.#connection) {
      const begin = performance.now();
      await this.#waitForConnection();
      time = Math.max(1, time - (performance.now() - begin));
    }
    const connection = this.#connection;
    if (!connection) {
      this.#remember(changing);
      return undefined;
    }
    try {
      return await withDeadline(command(connection), time);
    } catch (error) {
      this.#remember(changing);
      if (this.#connection === connection) {
        this.#commandFailed(connection, error as Error, changing);
      }
      return undefined;
    }
  }

  /** Returns at once where the server is down, having begun to connect if it is time for that. */
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

  #open(): Opening {
    let abort!: Opening['abort'];
    const aborted = new Promise<never>((_, reject) => (abort = reject));
    aborted.catch(() => {});
    return { done: this.#openUnless(aborted), abort, slow: false };
  }

  async #openUnless(aborted: Promise<never>): Promise<void> {
    let connection: RemoteConnection | undefined;
    try {
      connection = this.#options.open(error => this.#broke(connection!, error));
      const prepared = this.#prepare(connection);
      const complete = await withDeadline(Promise.race([prepared, aborted]), this.#options.openTimeout);
      this.#connection = connection;
      this.#openedAt = performance.now();
      this.#retryAt = undefined;
      this.#log.up(complete);
    } catch (error) {
      connection?.destroy();
      this.#wentDown(error as Error);
    }
  }

  async #prepare(connection: RemoteConnection): Promise<boolean> {
    await connection.opened;
    return this.#stale.flush(key => connection.delete(key));
  }

  #commandFailed(connection: RemoteConnection, error: Error, changing: string | undefined): void {
    if (error instanceof DeadlinePassed) {
      this.#drop(connection, error);
    } else if (!connection.isOpen()) {
      this.#broke(connection, error);
    } else if (changing === undefined) {
      this.#drop(connection, error);
    } else {
      // A server that is full, say, refuses to store, but still removes what must not be served any more.
      const removed = this.#stale.flush(key => connection.delete(key));
      withDeadline(removed, this.#options.commandTimeout).then(
        () => this.#log.refused(error),
        failure => this.#drop(connection, failure as Error),
      );
    }
  }

  /** Servers and proxies close idle connections, so a break alone is nothing to warn of. */
  #broke(connection: RemoteConnection, error: Error): void {
    if (performance.now() - this.#openedAt < this.#options.retryInterval) {
      this.#drop(connection, error);
    } else if (this.#connection === connection) {
      this.#connection = undefined;
      connection.destroy();
      this.connect();
    }
  }

  #drop(connection: RemoteConnection, error: Error): void {
    if (this.#connection === connection) {
      this.#connection = undefined;
      connection.destroy();
      this.#wentDown(error);
    }
  }

  #wentDown(error: Error): void {
    if (!this.#closed) {
      this.#retryAt = performance.now() + this.#options.retryInterval;
      this.#log.down(error);
    }
  }

  #remember(changing: string | undefined): void {
    if (changing !== undefined && !this.#closed) {
      this.#stale.add(changing);
    }
  }
}
