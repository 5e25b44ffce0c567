// Runs nginx in front of instances that come and go, and tells it which are ready, as an orchestrator would.
import { freePort } from '@greenroom/testing';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROBE_INTERVAL_MS = 50;

// On Debian it is in a folder that is only in root's PATH.
const nginx = ['nginx', '/usr/sbin/nginx'].find(command => spawnSync(command, ['-v']).status === 0);

/** Whether nginx is installed. */
export const hasNginx = nginx !== undefined;

/** An nginx on loopback that forwards requests for each plugin to the instances that run it. */
export class NginxFront {
  readonly #folder: string;
  /** The URL that represents all instances. */
  readonly url: string;
  /** The URLs of each plugin's instances, and whether they were ready at the last probe. */
  readonly #instances = new Map<string, Map<string, boolean>>();
  readonly #stopped = new AbortController();
  #child?: ChildProcess;
  #watching: Promise<void> = Promise.resolve();

  private constructor(folder: string, url: string, plugins: readonly string[]) {
    this.#folder = folder;
    this.url = url;
    for (const plugin of plugins) this.#instances.set(plugin, new Map());
  }

  /** Resolves when nginx listens. Its configuration and files are put in `folder`. */
  static async start(folder: string, plugins: readonly string[]): Promise<NginxFront> {
    const front = new NginxFront(folder, `http://127.0.0.1:${await freePort()}`, plugins);
    await mkdir(join(folder, 'temp'));
    await front.#configure();
    const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
    const child = spawn(nginx!, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    front.#child = child;
    while (!(await fetch(front.url).catch(() => undefined))) {
      if (child.exitCode !== null) throw new Error(`nginx did not start:\n${errors}`);
      await sleep(PROBE_INTERVAL_MS);
    }
    front.#watching = front.#watch();
    return front;
  }

  /** Adds an instance, which gets requests whenever it is ready. */
  add(plugin: string, url: string): void {
    this.#instances.get(plugin)!.set(url, false);
  }

  remove(plugin: string, url: string): void {
    this.#instances.get(plugin)!.delete(url);
  }

  /** Resolves when the instance gets requests. Rejects once nginx is stopped. */
  async hasIn(plugin: string, url: string): Promise<void> {
    while (!this.#instances.get(plugin)!.get(url)) {
      await sleep(PROBE_INTERVAL_MS, undefined, { signal: this.#stopped.signal });
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#watching;
    if (this.#child?.exitCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exit;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const probed = [...this.#instances.values()].flatMap(instances =>
        [...instances].map(async ([url, was]) => {
          const is = (await isReady(url)) ?? was;
          // It may have been removed meanwhile.
          if (instances.has(url)) instances.set(url, is);
          return is !== was;
        }),
      );
      if ((await Promise.all(probed)).includes(true)) {
        await this.#configure();
        this.#child!.kill('SIGHUP');
      }
      await sleep(PROBE_INTERVAL_MS);
    }
  }

  async #configure(): Promise<void> {
    const plugins = [...this.#instances].map(([plugin, instances]) => {
      const ready = [...instances].flatMap(([url, is]) => (is ? `${new URL(url).host} max_fails=0` : []));
      // nginx requires at least one server. One that is down results in 502.
      const servers = ready.length > 0 ? ready : ['127.0.0.1:1 down'];
      return { plugin, servers: servers.map(server => `server ${server};`).join(' ') };
    });
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      kind => `${kind}_temp_path temp/${kind};`,
    );
    await writeFile(
      join(this.#folder, 'nginx.conf'),
      `${process.getuid?.() === 0 ? 'user root;\n' : ''}daemon off;
worker_processes 1;
pid nginx.pid;
events { worker_connections 512; }
http {
  access_log off;
  ${temporary.join(' ')}
  # A client that keeps its connection could send the next request while a reload closes it.
  keepalive_timeout 0;
  ${plugins.map(({ plugin, servers }) => `upstream ${plugin} { ${servers} }`).join('\n  ')}
  server {
    listen ${new URL(this.url).host};
    # By 1.0, the default, an answer that was cut off looks as if it were whole.
    proxy_http_version 1.1;
    proxy_buffering off;
    proxy_next_upstream error timeout http_503;
    # Nobody is taken for dead because the machine is busy.
    proxy_read_timeout 300s;
    location / { return 404; }
    ${plugins.map(({ plugin }) => `location /api/${plugin}/ { proxy_pass http://${plugin}; }`).join('\n    ')}
  }
}
`,
    );
  }
}

/** Returns `undefined` on a timeout, because slow instances must not be taken out. */
async function isReady(url: string): Promise<boolean | undefined> {
  try {
    const answer = await fetch(`${url}/.backstage/health/v1/readiness`, {
      signal: AbortSignal.timeout(5_000),
    });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? undefined : false;
  }
}
