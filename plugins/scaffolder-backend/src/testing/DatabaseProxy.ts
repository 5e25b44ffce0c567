// A proxy in front of a database, for tests of outages.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Listens on the loopback interface. */
export class DatabaseProxy {
  /** `pass` data on, `swallow` it, or `refuse` connections. */
  mode: 'pass' | 'swallow' | 'refuse' = 'pass';
  /** How many connections their clients have reset. */
  resets = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: URL) {
    this.#server = createServer(socket => {
      if (this.mode === 'refuse') return void socket.destroy();
      const upstream = connect(Number(target.port || 5432), target.hostname);
      this.#sockets.add(socket);
      const onward = (to: Socket) => (data: Buffer) => this.mode === 'pass' && to.write(data);
      socket.on('data', onward(upstream)).on('error', () => this.resets++);
      upstream.on('data', onward(socket)).on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket) && upstream.destroy());
    }).listen(0, '127.0.0.1');
  }

  /** @param target - the URL of the database */
  static async start(target: string): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(new URL(target));
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** The URL of the database, through the proxy. */
  through(url: string): string {
    const proxied = new URL(url);
    proxied.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return proxied.href;
  }

  /** Breaks all connections, and refuses others. */
  refuse(): void {
    this.mode = 'refuse';
    this.#sockets.forEach(socket => socket.destroy());
  }

  stop(): void {
    this.refuse();
    this.#server.close();
  }
}
