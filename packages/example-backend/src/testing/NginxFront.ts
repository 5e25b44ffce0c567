// Runs nginx in front of instances that come and go, and tells it which of them are ready, as an orchestrator does.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './freePort';

const PROBE_INTERVAL_MS = 50;

// Debian has it where only root's PATH looks.
const nginx = ['nginx', '/usr/sbin/nginx'].find(command => spawnSync(command, ['-v']).status === 0);

/** Whether there is an nginx to run. */
export const hasNginx = nginx !== undefined;

/** One nginx on loopback, which sends each plugin to the instances that have it. */
export class NginxFront {
  readonly #folder: string;
  /** The address that stands for all instances. */
  readonly url: string;
  /** The URLs of the instances of each plugin, with whether they were ready when last asked. */
  readonly #instances = new Map<string, Map<string, boolean>>();
  readonly #stopped = new AbortController();
  #child?: ChildProcess;
  #watching: Promise<void> = Promise.resolve();

  private constructor(folder: string, url: string, plugins: readonly string[]) {
    this.#folder = folder;
    this.url = url;
    for (const plugin of plugins) this.#instances.set(plugin, new Map());
  }

  /** Resolves when it listens. `folder` takes its configuration and its files. */
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

  /** From now on it gets requests whenever it is ready. */
  add(plugin: string, url: string): void {
    this.#instances.get(plugin)!.set(url, false);
  }

  remove(plugin: string, url: string): void {
    this.#instances.get(plugin)!.delete(url);
  }

  /** Resolves when the instance gets requests; rejects once nginx is stopped. */
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
          // It may be gone meanwhile.
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
      // nginx wants one at least; what is down gets 502.
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

/** `undefined` for an instance that takes its time: one that is slow is not to be taken out. */
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
