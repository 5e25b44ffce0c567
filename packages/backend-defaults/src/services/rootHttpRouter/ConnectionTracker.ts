// Tracks the connections and running requests of a server, so that stopping it need not wait for idle connections.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { DrainTimeoutError } from './httpServerErrors';

/** Milliseconds of an event loop turn so short that hardly any client can have connected during it. */
const quickTurn = 0.2;

/** Tracks what a server is busy with. Create it before the server listens. */
export class ConnectionTracker {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  // Under HTTPS these are the TCP connections, including those still in their handshake.
  readonly #rawConnections = new Set<Socket>();
  readonly #running = new Map<ServerResponse, number>();
  // Responses that wait for an earlier one on the same connection to be sent (HTTP pipelining).
  readonly #waiting = new Set<ServerResponse>();
  #accepted = 0;
  #draining = false;
  #closing = false;

  constructor(server: Server, options: { secure: boolean }) {
    this.#server = server;
    track(server, 'connection', this.#rawConnections);
    track(server, options.secure ? 'secureConnection' : 'connection', this.#connections, socket =>
      // Deferred, so that the events that Node 24 and later emit themselves come first.
      process.nextTick(() => this.#endWaiting(socket)),
    );
    server.on('connection', () => this.#accepted++);
    server.prependListener('request', (_req: IncomingMessage, res: ServerResponse) => this.#begin(res));
  }

  /**
   * From now on, every response asks its client to close the connection. A response whose headers have already been
   * sent can't; the next one on its connection does, whose request the client may be sending right now.
   */
  beginDrain(): void {
    this.#draining = true;
    for (const res of this.#running.keys()) {
      askToClose(res);
    }
  }

  /**
   * Stops accepting, closes idle connections after `lateMs`, and resolves when the last request has ended. Rejects
   * with `DrainTimeoutError` if requests had to be cut off after `timeoutMs`.
   */
  async close({ timeoutMs, lateMs }: { timeoutMs: number; lateMs: number }): Promise<void> {
    this.beginDrain();
    this.#closing = true;
    // Called by `close`. Node considers a connection idle once its response is complete, whether sent or not.
    this.#server.closeIdleConnections = () => {};
    if (lateMs > 0) await this.#untilNobodyWaits(lateMs);
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()));
    const late = lateMs > 0 ? setTimeout(() => this.#destroyIdle(), lateMs) : undefined;
    // Tests, which wait for nobody, may have replaced the timers.
    if (!late) this.#destroyIdle();
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

  /** Waits for clients that have connected but not been accepted: closing would cut them off, with what they have sent. */
  async #untilNobodyWaits(lateMs: number): Promise<void> {
    const deadline = performance.now() + lateMs;
    let begin, before;
    // The rest of the current turn, which may accept nobody.
    await new Promise(setImmediate);
    do {
      begin = performance.now();
      before = this.#accepted;
      // Each turn of the event loop accepts all waiting clients.
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
    this.#running.set(res, performance.now());
    if (this.#draining) {
      askToClose(res);
    }
    if (!res.socket) {
      this.#waiting.add(res);
    }
    // Emitted only once, and `once` would cost more.
    res.on('close', () => {
      this.#running.delete(res);
      this.#waiting.delete(res);
      if (this.#closing) {
        // A response whose headers were sent before the drain began could not ask its client to close.
        const { socket } = res.req;
        socket.end(() => socket.destroy());
      }
    });
  }

  /** Before version 24, Node only tells a response that its connection has closed when it is its turn to be sent. */
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
    const now = performance.now();
    return [...this.#running].map(
      ([{ req }, begin]) =>
        `${req.method} ${(req as { originalUrl?: string }).originalUrl || req.url} (${Math.round(now - begin)} ms)`,
    );
  }
}

function askToClose(res: ServerResponse): void {
  if (!res.headersSent) {
    res.setHeader('Connection', 'close');
  }
}

/** A connection is a different object before and after its handshake, but has the same peer. */
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
    // A connection that nobody upgraded is handed back to the server, again and again if its client asks that often.
    if (sockets.has(socket)) return;
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      onClose?.(socket);
    });
  });
}
