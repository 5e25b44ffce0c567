// A small load balancer for tests: sends requests to the instances that are ready, over connections it keeps, without retries.
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const probeInterval = 20;

interface Target {
  port: number;
  ready: boolean;
}

/** Round-robin over local ports whose `/.backstage/health/v1/readiness` says 200. */
export class ReadinessProxy {
  readonly #targets: Target[];
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #server = http.createServer((req, res) => this.#forward(req, res));
  #next = 0;
  #probing = true;
  /** How many answers asked to close their connection. */
  closing = 0;

  constructor(ports: readonly number[]) {
    this.#targets = ports.map(port => ({ port, ready: false }));
  }

  /** Resolves to the port to talk to. */
  async start(): Promise<number> {
    this.#targets.forEach(target => void this.#probe(target));
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#probing = false;
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  /** Resolves when the instance on a port is ready, or is not. */
  async until(port: number, ready: boolean): Promise<void> {
    const target = this.#targets.find(each => each.port === port)!;
    while (target.ready !== ready) {
      await sleep(5);
    }
  }

  async #probe(target: Target): Promise<void> {
    while (this.#probing) {
      target.ready =
        (await statusOf(`http://127.0.0.1:${target.port}/.backstage/health/v1/readiness`)) === 200;
      await sleep(probeInterval);
    }
  }

  #forward(req: http.IncomingMessage, res: http.ServerResponse): void {
    const ready = this.#targets.filter(target => target.ready);
    const target = ready[this.#next++ % ready.length];
    if (!target) {
      res.writeHead(503).end('nobody is ready');
      return;
    }
    const { method, url: path } = req;
    const outgoing = http.request({ host: '127.0.0.1', port: target.port, method, path, agent: this.#agent });
    outgoing.on('error', error => (res.headersSent ? res.destroy() : res.writeHead(502).end(String(error))));
    outgoing.on('response', answer => {
      if (answer.headers.connection === 'close') {
        this.closing++;
      }
      res.writeHead(answer.statusCode!, { 'content-type': answer.headers['content-type'] });
      answer.on('error', () => res.destroy());
      answer.pipe(res);
    });
    req.pipe(outgoing);
  }
}

function statusOf(url: string): Promise<number | undefined> {
  return new Promise(resolve => {
    const request = http.get(url, { agent: false, timeout: 2_000 }, response => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}
