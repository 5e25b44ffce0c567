// Gives up connections whose query will never be answered, because bytes were lost on the way.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

interface Resettable {
  resetAndDestroy(): void;
  destroy(): void;
}

/** The part of a pg connection that is needed here. */
export interface WatchedConnection {
  /** Whether no query is in progress. */
  readonly readyForQuery: boolean;
  readonly connection: {
    readonly stream: Resettable & { readonly bytesRead: number; readonly _parent?: Resettable };
    emit(event: 'error', error: Error): void;
  };
  once(event: 'end', listener: () => void): void;
}

/** What the server's state reveals about silent connections. */
export interface SilenceAnswer {
  /** The finding, worded for people. */
  readonly what: string;
  /** Whether a connection to this server process will never get an answer. */
  isLost(serverProcess: number | undefined): boolean;
}

/** Options of {@link SilentConnections}. */
export interface SilentConnectionsOptions {
  /** The name of the database, for the log. */
  name: string;
  logger: LoggerService;
  /** Asks the server over a separate connection. Resolves with `undefined` if that is inconclusive, and never rejects. */
  ask(serverProcesses: number[]): Promise<SilenceAnswer | undefined>;
  /** Milliseconds between checks. Default: 5 s. */
  lookInterval?: number;
}

interface Watched {
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
  readonly #options: SilentConnectionsOptions;
  readonly #watched = new Map<WatchedConnection, Watched>();
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;

  constructor(options: SilentConnectionsOptions) {
    this.#options = options;
  }

  /** @param serverProcess - the server's process for this connection, if known. */
  watch(connection: WatchedConnection, serverProcess: number | undefined): void {
    this.#watched.set(connection, { serverProcess, bytesRead: 0, quiet: 0 });
    connection.once('end', () => {
      this.#watched.delete(connection);
      if (this.#watched.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
    this.#timer ??= setInterval(() => this.#look(), this.#options.lookInterval ?? 5_000).unref();
  }

  #look(): void {
    for (const [connection, seen] of this.#watched) {
      const { bytesRead } = connection.connection.stream;
      const isQuiet = !connection.readyForQuery && bytesRead === seen.bytesRead;
      seen.quiet = isQuiet ? seen.quiet + 1 : 0;
      seen.bytesRead = bytesRead;
    }
    const silent = [...this.#watched].filter(([, { quiet }]) => quiet >= quietLooks);
    if (silent.length === 0 || this.#isAsking) return;
    this.#isAsking = true;
    void this.#askAbout(silent).finally(() => (this.#isAsking = false));
  }

  async #askAbout(silent: Array<[WatchedConnection, Watched]>): Promise<void> {
    const { ask, logger, name } = this.#options;
    const processes = silent.flatMap(([, { serverProcess }]) => serverProcess ?? []);
    const answer = await ask(processes);
    if (!answer) return;
    await sleep(arrival, undefined, { ref: false });
    // If this process was busy, the answer may be waiting in the socket.
    await turn();
    const lost = silent.filter(
      ([connection, { serverProcess, quiet }]) =>
        quiet >= quietLooks &&
        !connection.readyForQuery &&
        this.#watched.get(connection)?.bytesRead === connection.connection.stream.bytesRead &&
        answer.isLost(serverProcess),
    );
    if (lost.length === 0) return;
    logger.warn(
      `Gave up ${lost.length} of the connections to the database '${name}', whose queries fail: what was sent over them was lost, as ${answer.what}`,
    );
    for (const [{ connection }] of lost) {
      const error = new Error(`The connection was lost, as ${answer.what}`);
      connection.emit('error', Object.assign(error, { code: 'ETIMEDOUT' }));
      reset(connection.stream);
    }
  }
}

/** Not just closed: the system would keep sending the rest, and the server might execute it after its caller was told of a failure. */
function reset(stream: WatchedConnection['connection']['stream']): void {
  try {
    // The socket below TLS.
    (stream._parent ?? stream).resetAndDestroy();
  } catch {
    // Not TCP.
    stream.destroy();
  }
}
