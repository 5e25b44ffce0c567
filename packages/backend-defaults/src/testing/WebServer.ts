// A web server for tests of what reads from others: answers by a table of paths, and keeps what it was asked.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a path answers with: content, or all there is to say. */
export type Answer = string | Buffer | ((request: IncomingMessage, response: ServerResponse) => void);

/** Answers with the beginning of some content, and closes the connection. */
export const breakOffAfter =
  (beginning: string): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-length': beginning.length + 1 });
    response.write(beginning, () => response.destroy());
  };

/** Listens on a free port of 127.0.0.1. Paths that it does not have are a 404. */
export class WebServer {
  /** By path with query. */
  readonly answers = new Map<string, Answer>();
  readonly requests: Array<{ url: string; headers: IncomingHttpHeaders }> = [];
  readonly #server = createServer((request, response) => {
    this.requests.push({ url: request.url!, headers: request.headers });
    const answer = this.answers.get(request.url!);
    if (answer === undefined) response.writeHead(404).end('nothing here');
    else if (typeof answer === 'function') answer(request, response);
    else response.end(answer);
  });

  static async start(): Promise<WebServer> {
    const server = new WebServer();
    await new Promise<void>(resolve => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** Such as `127.0.0.1:4711`. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}
