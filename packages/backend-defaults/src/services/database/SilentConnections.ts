// Gives up connections on which a query waits for an answer that will not come, as bytes were lost on the way.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

interface Resettable {
  resetAndDestroy(): void;
  destroy(): void;
}

/** The part of a pg connection that is used here. */
export interface WatchedConnection {
  /** Whether no query is under way. */
  readonly readyForQuery: boolean;
  readonly connection: {
    readonly stream: Resettable & { readonly bytesRead: number; readonly _parent?: Resettable };
    emit(event: 'error', error: Error): void;
  };
  once(event: 'end', listener: () => void): void;
}

/** What is known of connections that are silent. */
export interface SilenceAnswer {
  /** For people: what the server does, or does not. */
  readonly what: string;
  /** Whether no answer will come over a connection to this process of the server. */
  isLost(serverProcess: number | undefined): boolean;
}

/** Options of {@link SilentConnections}. */
export interface SilentConnectionsOptions {
  /** Names the database to people. */
  name: string;
  logger: LoggerService;
  /** Asks the server over a connection of its own; `undefined` where that tells nothing. Never rejects. */
  ask(serverProcesses: number[]): Promise<SilenceAnswer | undefined>;
  /** Milliseconds between two looks. Default: 5 s. */
  lookInterval?: number;
}

interface Watched {
  readonly serverProcess: number | undefined;
  bytesRead: number;
  /** How many looks in a row have found a query, and nothing that was received since the one before. */
  quiet: number;
}

/** Looks that find a connection quiet before the server is asked. Counted, as this process may stand still. */
const quietLooks = 2;
/** Milliseconds in which an answer arrives that the server has just sent. */
const arrival = 1_000;

/**
 * The system notices the other end's silence only where nothing is on its way there: what was sent and got lost is
 * sent again for a quarter of an hour. A query may take that long too, so it is the server that is asked.
 */
export class SilentConnections {
  readonly #options: SilentConnectionsOptions;
  readonly #watched = new Map<WatchedConnection, Watched>();
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;

  constructor(options: SilentConnectionsOptions) {
    this.#options = options;
  }

  /** @param serverProcess - of the server, which may be asked about; `undefined` where it is not known. */
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
    // When this process was busy, the answer may lie in the socket.
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
      `Connections to the database '${name}' are given up, and their queries fail, as what was sent over them was lost: ${answer.what} (${lost.length} of them)`,
    );
    for (const [{ connection }] of lost) {
      const error = new Error(`The connection is given up, as it was lost: ${answer.what}`);
      connection.emit('error', Object.assign(error, { code: 'ETIMEDOUT' }));
      reset(connection.stream);
    }
  }
}

/** Of a connection that is only closed the system goes on to send what is left, and the server would do it some time. */
function reset(stream: WatchedConnection['connection']['stream']): void {
  try {
    // What is below TLS.
    (stream._parent ?? stream).resetAndDestroy();
  } catch {
    // Not over TCP.
    stream.destroy();
  }
}
