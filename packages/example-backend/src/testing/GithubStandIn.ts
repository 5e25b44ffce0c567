// A fake GitHub API that serves folders named `<owner>__<name>` as repositories.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

/** The server. Anything outside its folder is empty or not found. */
export class GithubStandIn {
  readonly #folder: string;
  readonly #server: Server;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(folder: string): Promise<GithubStandIn> {
    const standIn = new GithubStandIn(folder);
    await once(standIn.#server.listen(0, '127.0.0.1'), 'listening');
    return standIn;
  }

  /** For `integrations.github[].apiBaseUrl`. */
  get apiBaseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The URL of a file on GitHub, by its path below the folder. */
  static urlOf(path: string): string {
    const [repository, ...rest] = path.split('/');
    return `https://github.com/${repository!.replace('__', '/')}/blob/main/${rest.map(encodeURIComponent).join('/')}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const [, , owner, name, what, ...rest] = pathname.split('/').map(decodeURIComponent);
    const repository = `${owner}__${name}`;
    const file = join(this.#folder, repository, normalize(`/${rest.join('/')}`));
    if (what === 'commits') {
      response.end(JSON.stringify({ sha: 'a1b2c3' }));
    } else if (what === 'tarball') {
      // With the repository's folder around everything, as GitHub has one, and with nothing that only GNU tar can.
      const content = existsSync(join(this.#folder, repository)) ? [repository] : ['-T', '/dev/null'];
      const args = ['-cz', '-C', this.#folder, ...content];
      response.end(execFileSync('tar', args, { maxBuffer: Infinity }));
    } else if (what === 'contents' && existsSync(file)) {
      response.end(readFileSync(file));
    } else {
      response.writeHead(404).end();
    }
  }
}
