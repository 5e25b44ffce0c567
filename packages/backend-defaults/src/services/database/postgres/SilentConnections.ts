// Gives up connections whose query will never be answered, because bytes were lost on the way.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { resetSocket, type ResettableSocket } from '../../../remote/resetSocket';

/** The part of a pg connection that is needed here. Much of it is undocumented, so each release may lack it. */
export interface WatchedConnection {
  readonly host: string;
  readonly port: number;
  /** Whether no query is in progress. */
  readonly readyForQuery: boolean;
  readonly connection: {
    readonly stream: ResettableSocket & { readonly bytesRead: number; readonly _parent?: ResettableSocket };
    emit(event: 'error', error: Error): void;
  };
  once(event: 'end', listener: () => void): void;
}

/** What the server's state reveals about silent connections. */
export type SilenceAnswer =
  /** Connecting timed out. */
  | 'unreachable'
  /** Whether the server is working for this process of its own. */
  | { isWorking(serverProcess: number): boolean };

/** A database whose connections are watched. */
export interface WatchedDatabase {
  /** For the log. */
  readonly name: string;
  readonly logger: LoggerService;
  /** Asks the server over a separate connection. Resolves with `undefined` if that is inconclusive, and never rejects. */
  ask(serverProcesses: number[]): Promise<SilenceAnswer | undefined>;
  /** Called when the server can't be reached and all connections to it have been given up. */
  onOutOfReach?(error: Error): void;
}

interface Watched {
  readonly database: WatchedDatabase;
  readonly server: string;
  readonly serverProcess: number | undefined;
  bytesRead: number;
  /** The number of consecutive checks that found a query in progress and nothing received since the previous one. */
  quiet: number;
}

/** Quiet checks before the server is asked. A count rather than a duration, because this process may have been paused. */
const quietLooks = 2;
/** Milliseconds for an answer that the server has just sent to arrive. */
const arrival = 1_000;

/**
 * TCP keep-alive only detects a silent peer while nothing is in flight; lost data is retransmitted for a quarter of an
 * hour. A query may legitimately take that long, so the server is asked whether it is still working on it.
 */
export class SilentConnections {
  readonly #watched = new Map<WatchedConnection, Watched>();
  /** With the server that each was last connected to. */
  readonly #databases = new Map<WatchedDatabase, string>();
  readonly #asking = new Set<WatchedDatabase>();
  readonly #lookInterval: number;
  #timer: NodeJS.Timeout | undefined;
  #isUnable = false;

  /** @param lookInterval - milliseconds between checks. */
  constructor(lookInterval = 5_000) {
    this.#lookInterval = lookInterval;
  }

  /** @param serverProcess - the server's process for this connection, if known. May be added by a second call. */
  watch(connection: WatchedConnection, database: WatchedDatabase, serverProcess?: number): void {
    if (!canBeWatched(connection)) {
      this.#tellUnable(database);
      return;
    }
    const server = `${connection.host}:${connection.port}`;
    this.#databases.set(database, server);
    if (!this.#watched.has(connection)) connection.once('end', () => this.#unwatch(connection));
    this.#watched.set(connection, { database, server, serverProcess, bytesRead: 0, quiet: 0 });
    this.#timer ??= setInterval(() => this.#look(), this.#lookInterval).unref();
  }

  /** Gives up all connections, because they were not released in time. */
  giveUpAll(): void {
    for (const connection of this.#watched.keys()) {
      this.giveUp(connection, 'the backend stops and could not wait for its query');
    }
  }

  /** Ends a connection that can be watched. Its query fails. */
  giveUp(connection: WatchedConnection, reason: string): void {
    if (!canBeWatched(connection)) return;
    this.#unwatch(connection);
    connection.connection.emit('error', lossOf(reason));
    const { stream } = connection.connection;
    // The socket below TLS.
    resetSocket(stream._parent ?? stream);
  }

  #unwatch(connection: WatchedConnection): void {
    this.#watched.delete(connection);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tellUnable({ logger }: WatchedDatabase): void {
    if (this.#isUnable) return;
    this.#isUnable = true;
    logger.warn(
      "This release of pg does not show whether a connection waits for an answer: if a database's server vanishes silently, queries wait until the operating system gives up, for a quarter of an hour",
    );
  }

  #look(): void {
    const silent = new Map<WatchedDatabase, WatchedConnection[]>();
    for (const [connection, seen] of this.#watched) {
      const { bytesRead } = connection.connection.stream;
      const isQuiet = !connection.readyForQuery && bytesRead === seen.bytesRead;
      seen.quiet = isQuiet ? seen.quiet + 1 : 0;
      seen.bytesRead = bytesRead;
      if (seen.quiet < quietLooks) continue;
      silent.set(seen.database, [...(silent.get(seen.database) ?? []), connection]);
    }
    for (const [database, connections] of silent) {
      if (this.#asking.has(database)) continue;
      this.#asking.add(database);
      void this.#askAbout(database, connections).finally(() => this.#asking.delete(database));
    }
  }

  async #askAbout(database: WatchedDatabase, silent: WatchedConnection[]): Promise<void> {
    const server = this.#databases.get(database)!;
    const before = this.#received(server);
    const answer = await database.ask(
      silent.flatMap(connection => this.#watched.get(connection)?.serverProcess ?? []),
    );
    if (!answer) return;
    await sleep(arrival, undefined, { ref: false });
    // If this process was busy, the answer may be waiting in the socket.
    await turn();
    if (answer === 'unreachable') {
      // A server that answers somebody is only too busy to accept connections.
      const isHeard = [...this.#received(server)].some(([at, bytes]) => before.get(at) !== bytes);
      if (!isHeard) this.#giveUpServer(server);
      return;
    }
    const lost = silent.filter(connection => {
      const { serverProcess, quiet = 0 } = this.#watched.get(connection) ?? {};
      return (
        serverProcess !== undefined &&
        quiet >= quietLooks &&
        !connection.readyForQuery &&
        before.get(connection) === connection.connection.stream.bytesRead &&
        !answer.isWorking(serverProcess)
      );
    });
    if (lost.length === 0) return;
    const reason = 'the server is not working on their queries';
    database.logger.warn(
      `Gave up ${lost.length} of the connections to the database '${database.name}', whose queries fail: what was sent over them was lost, as ${reason}`,
    );
    for (const connection of lost) this.giveUp(connection, reason);
  }

  /** How many bytes have come over each connection to a server. */
  #received(server: string): Map<WatchedConnection, number> {
    const ofServer = [...this.#watched].filter(([, watched]) => watched.server === server);
    return new Map(ofServer.map(([connection]) => [connection, connection.connection.stream.bytesRead]));
  }

  /** Idle connections as well, since they would make the next queries wait in vain, one after the other. */
  #giveUpServer(server: string): void {
    const reason = 'the server neither answers nor accepts new ones';
    for (const connection of this.#received(server).keys()) this.giveUp(connection, reason);
    for (const [database, itsServer] of this.#databases) {
      if (itsServer === server) database.onOutOfReach?.(lossOf(reason));
    }
  }
}

function lossOf(reason: string): Error {
  return Object.assign(new Error(`The connection was lost, as ${reason}`), { code: 'ETIMEDOUT' });
}

function canBeWatched({ readyForQuery, connection }: Partial<WatchedConnection>): boolean {
  const { stream, emit } = (connection ?? {}) as Partial<WatchedConnection['connection']>;
  return (
    typeof readyForQuery === 'boolean' && typeof stream?.bytesRead === 'number' && typeof emit === 'function'
  );
}
