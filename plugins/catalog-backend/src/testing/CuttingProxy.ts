// A proxy in front of a backend that drops the client's connection instead of passing on some of the responses.
import { once } from 'node:events';
import { createServer, request as send, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on the loopback interface. Requests whose response is dropped have been carried out. */
export class CuttingProxy {
  /** Where requests go: the origin of any URL. */
  target = '';
  /** How many of the next responses are dropped. */
  cuts = 0;
  /** How many requests have arrived. */
  requests = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, res) => {
      this.requests++;
      const { method, url, headers } = request;
      const onward = send(new URL(url!, this.target), { method, headers }, answer => {
        if (this.cuts > 0) {
          this.cuts--;
          answer.resume();
          request.socket.destroy();
          return;
        }
        res.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(res);
      });
      request.pipe(onward);
    }).listen(0, '127.0.0.1');
  }

  static async start(): Promise<CuttingProxy> {
    const proxy = new CuttingProxy();
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
