// A proxy for tests of faults between this process and a server.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Passes connections on to a server until told otherwise. */
export class TcpProxy {
  /** How many connections have come in, refused ones left out. */
  connections = 0;
  /** How often data came for the server that was not passed on. */
  swallowed = 0;
  /** How many connections their clients have reset, instead of closing them. */
  resets = 0;
  /**
   * `pass` data on, `hang`: take it and never answer, `refuse`: close new connections at once, `overload`: take new
   * connections and never answer, while the others work.
   */
  mode: 'pass' | 'hang' | 'refuse' | 'overload' = 'pass';
  /** The next connection over which a client sends this text is lost from then on. */
  loses: string | undefined;
  /** In place of how many of the next answers the connection is cut. */
  cuts = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #lost = new WeakSet<Socket>();
  readonly #target: { host: string; port: number } | undefined;

  /**
   * @param target - where connections go, such as the URL of a database; without it, this is a server that never answers
   */
  static async start(target?: { host: string; port: number } | string): Promise<TcpProxy> {
    const proxy = new TcpProxy(typeof target === 'string' ? placeOf(new URL(target)) : target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  private constructor(target: { host: string; port: number } | undefined) {
    this.#target = target;
    this.#server = createServer(socket => this.#accept(socket));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#sockets.size;
  }

  /** The URL of a server with the address of this proxy in place of its own. */
  through(url: string): string {
    const proxied = new URL(url);
    proxied.host = `127.0.0.1:${this.port}`;
    return proxied.href;
  }

  /** Breaks every connection. */
  cut(): void {
    this.#sockets.forEach(socket => socket.destroy());
  }

  /** Breaks every connection, and takes no others until the mode changes. */
  refuse(): void {
    this.mode = 'refuse';
    this.cut();
  }

  /**
   * Takes what comes over the connections that are open, or over the oldest of them, from either side, and passes
   * nothing on; later ones work.
   */
  lose(oldest = Infinity): void {
    [...this.#sockets].slice(0, oldest).forEach(socket => this.#lost.add(socket));
  }

  async stop(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  #accept(socket: Socket): void {
    if (this.mode === 'refuse') {
      socket.destroy();
      return;
    }
    this.connections++;
    this.#sockets.add(socket);
    if (this.mode === 'overload') this.#lost.add(socket);
    socket.on('error', (error: { code?: string }) => {
      if (error.code === 'ECONNRESET') this.resets++;
    });
    const upstream = this.#target && connect(this.#target);
    const passes = () => this.mode !== 'hang' && !this.#lost.has(socket);
    upstream?.on('error', () => {});
    upstream?.on('data', data => {
      if (this.cuts > 0) {
        this.cuts--;
        socket.destroy();
      } else if (passes()) socket.write(data);
    });
    upstream?.on('close', () => !this.#lost.has(socket) && socket.destroy());
    socket.on('data', data => {
      if (this.loses !== undefined && data.includes(this.loses)) {
        this.loses = undefined;
        this.#lost.add(socket);
      }
      if (passes()) upstream?.write(data);
      else this.swallowed++;
    });
    socket.on('close', () => {
      this.#sockets.delete(socket);
      upstream?.destroy();
    });
  }
}

function placeOf({ hostname, port, protocol }: URL): { host: string; port: number } {
  const usual = { 'postgres:': 5432, 'postgresql:': 5432, 'redis:': 6379 }[protocol];
  return { host: hostname, port: Number(port || usual) };
}
