// Keeps cached texts on a server, and continues without it as soon as it fails.
import type { CacheStore } from './CacheStore';
import {
  RemoteLink,
  type LinkConnection,
  type OpenLink,
  type RemoteLinkOptions,
} from '../../remote/RemoteLink';
import { StaleKeys } from './StaleKeys';
import { withDeadline } from '../../remote/withDeadline';

/** A connection to a cache server, discarded once it breaks. */
export interface RemoteConnection extends LinkConnection {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string, ttl?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

/** Begins to connect. */
export type OpenConnection = OpenLink<RemoteConnection>;

/** Options of {@link RemoteStore}. */
export type RemoteStoreOptions = Pick<
  RemoteLinkOptions<RemoteConnection>,
  'open' | 'logger' | 'commandTimeout' | 'openTimeout'
> & {
  /** Identifies the server in the log: its address without the password. */
  address: string;
};

/**
 * Reads and writes never reject: a failed read is a miss, and a failed write is dropped. Keys that changed while the
 * server was unavailable are deleted before it is used again. See `RemoteLink` for how long calls may take.
 */
export class RemoteStore implements CacheStore {
  readonly #link: RemoteLink<RemoteConnection>;
  readonly #stale = new StaleKeys();
  readonly #commandTimeout: number;

  constructor({ address, ...options }: RemoteStoreOptions) {
    this.#commandTimeout = options.commandTimeout;
    this.#link = new RemoteLink({
      ...options,
      subject: `The cache at ${address}`,
      withoutIt: 'The backend goes on without cached values, and uses it again when it answers',
      prepare: connection => this.#stale.flush(key => connection.delete(key)),
    });
  }

  /** Begins to connect, so that the first call need not wait. */
  connect(): void {
    this.#link.connect();
  }

  get(key: string): Promise<string | undefined> {
    return this.#link.run(connection => connection.get(key)).catch(() => undefined);
  }

  set(key: string, text: string, ttl?: number): Promise<void> {
    return this.#change(key, connection => connection.set(key, text, ttl));
  }

  delete(key: string): Promise<void> {
    return this.#change(key, connection => connection.delete(key));
  }

  async check(): Promise<void> {
    await this.#link.run(connection => connection.get('greenroom:health'));
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  async #change(key: string, command: (connection: RemoteConnection) => Promise<unknown>): Promise<void> {
    let refused = false;
    try {
      await this.#link.run(command, (connection, error) => {
        refused = true;
        this.#refused(key, connection, error);
      });
    } catch {
      if (!refused && !this.#link.closed) {
        this.#stale.add(key);
      }
    }
  }

  /**
   * A server that refuses to store, for example because it is full, can still delete values that must not be served
   * any more.
   */
  #refused(key: string, connection: RemoteConnection, error: Error): void {
    this.#stale.add(key);
    const removed = this.#stale.flush(stale => connection.delete(stale));
    withDeadline(removed, this.#commandTimeout).then(
      () => this.#link.log.refused(error),
      failure => this.#link.giveUp(connection, failure as Error),
    );
  }
}
