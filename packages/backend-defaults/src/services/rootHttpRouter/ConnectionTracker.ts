// Knows the connections and running requests of a server, so that it can end without waiting for idle connections.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { DrainTimeoutError } from './httpServerErrors';

/** Milliseconds of a turn of the event loop during which hardly anybody can have come. */
const quickTurn = 0.2;

/** Tracks what a server is busy with; create it before the server listens. */
export class ConnectionTracker {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  // Under HTTPS these are the TCP connections, which include those still in their handshake.
  readonly #rawConnections = new Set<Socket>();
  readonly #running = new Map<ServerResponse, number>();
  // Answers that wait for one to be sent that was asked for before, on the same connection.
  readonly #waiting = new Set<ServerResponse>();
  #accepted = 0;
  #draining = false;
  #closing = false;

  constructor(server: Server, options: { secure: boolean }) {
    this.#server = server;
    track(server, 'connection', this.#rawConnections);
    track(server, options.secure ? 'secureConnection' : 'connection', this.#connections, socket =>
      // Behind what Node 24 and later tell of their own.
      process.nextTick(() => this.#endWaiting(socket)),
    );
    server.on('connection', () => this.#accepted++);
    server.prependListener('request', (_req: IncomingMessage, res: ServerResponse) => this.#begin(res));
  }

  /**
   * From now on every answer asks its client to close the connection. One whose headers are out already can't: the next one
   * on its connection does, which its client may be sending at this moment.
   */
  beginDrain(): void {
    this.#draining = true;
    for (const res of this.#running.keys()) {
      askToClose(res);
    }
  }

  /**
   * Stops accepting, closes idle connections after `lateMs`, and resolves when the last request has ended. Rejects with
   * `DrainTimeoutError` where requests had to be cut off after `timeoutMs`.
   */
  async close({ timeoutMs, lateMs }: { timeoutMs: number; lateMs: number }): Promise<void> {
    this.beginDrain();
    this.#closing = true;
    // Called by `close`. Node takes a connection for idle as soon as it has all of an answer, sent or not.
    this.#server.closeIdleConnections = () => {};
    if (lateMs > 0) await this.#untilNobodyWaits(lateMs);
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()));
    const late = setTimeout(() => this.#destroyIdle(), lateMs);
    void closed.then(() => clearTimeout(late));
    let cutOff: string[] = [];
    const deadline = setTimeout(() => {
      cutOff = this.#describeRunning();
      this.#rawConnections.forEach(socket => socket.destroy());
    }, timeoutMs);
    await closed;
    clearTimeout(deadline);
    if (cutOff.length > 0) {
      throw new DrainTimeoutError({ requests: cutOff, timeoutMs });
    }
  }

  /** Who has connected and waits to be accepted when the server closes is cut off, with what was sent already. */
  async #untilNobodyWaits(lateMs: number): Promise<void> {
    const deadline = performance.now() + lateMs;
    let begin, before;
    // The rest of a turn, which may accept nobody.
    await new Promise(setImmediate);
    do {
      begin = performance.now();
      before = this.#accepted;
      // Each turn of the event loop accepts all who wait.
      await new Promise(setImmediate);
    } while (
      (this.#accepted > before || performance.now() - begin > quickTurn) &&
      performance.now() < deadline
    );
  }

  #destroyIdle(): void {
    const busy = new Set([...this.#running.keys()].map(res => res.req.socket));
    for (const socket of this.#connections) {
      if (!busy.has(socket)) {
        socket.destroy();
      }
    }
    const beyondHandshake = new Set([...this.#connections].map(peerOf));
    for (const socket of this.#rawConnections) {
      if (!beyondHandshake.has(peerOf(socket))) {
        socket.destroy();
      }
    }
  }

  #begin(res: ServerResponse): void {
    this.#running.set(res, Date.now());
    if (this.#draining) {
      askToClose(res);
    }
    if (!res.socket) {
      this.#waiting.add(res);
    }
    // It comes once; `once` would cost more.
    res.on('close', () => {
      this.#running.delete(res);
      this.#waiting.delete(res);
      if (this.#closing) {
        // An answer whose headers were out before the drain began could not ask its client to close.
        const { socket } = res.req;
        socket.end(() => socket.destroy());
      }
    });
  }

  /** Before release 24, Node tells an answer only that its connection has closed once it is its turn to be sent. */
  #endWaiting(connection: Socket): void {
    for (const res of this.#waiting) {
      if (!res.socket && res.req.socket === connection) {
        res.destroy();
        Object.defineProperty(res, 'closed', { value: true });
        res.emit('close');
      }
    }
  }

  #describeRunning(): string[] {
    const now = Date.now();
    return [...this.#running].map(
      ([{ req }, begin]) =>
        `${req.method} ${(req as { originalUrl?: string }).originalUrl || req.url} (${now - begin} ms)`,
    );
  }
}

function askToClose(res: ServerResponse): void {
  if (!res.headersSent) {
    res.setHeader('Connection', 'close');
  }
}

/** A connection is another object before its handshake than after it, with the same peer. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function track(
  server: Server,
  event: 'connection' | 'secureConnection',
  sockets: Set<Socket>,
  onClose?: (socket: Socket) => void,
): void {
  server.on(event, (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      onClose?.(socket);
    });
  });
}
