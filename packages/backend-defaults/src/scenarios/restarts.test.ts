// Restarts lose no request: real processes that get signals, behind a proxy that honours readiness, under load.
import type { JsonObject } from '@backstage/types';
import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ReadinessProxy } from '../testing/ReadinessProxy';

const running = new Set<ChildProcess>();
const cleanups: Array<() => void> = [];

afterEach(() => {
  cleanups.splice(0).forEach(cleanup => cleanup());
  running.forEach(child => child.kill('SIGKILL'));
});

/** An instance in a process of its own, and what it says. */
class Instance extends EventEmitter {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly said: Array<{ entered?: string; shutdown?: { outcome: string; hooks: unknown[] } }> = [];
  #errors = '';

  constructor(port: number, env: string, lifecycle: JsonObject) {
    super();
    this.port = port;
    const config = { backend: { listen: { host: '127.0.0.1', port }, lifecycle } };
    const program = join(__dirname, 'programs', 'servingInstance.ts');
    this.#child = spawn(
      process.execPath,
      ['--conditions=greenroom-source', '--import', 'tsx', program, JSON.stringify(config)],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_ENV: env, LOG_LEVEL: 'error' } },
    );
    running.add(this.#child);
    this.#child.stderr!.on('data', chunk => (this.#errors += chunk));
    createInterface({ input: this.#child.stdout! }).on('line', line => {
      if (line.startsWith('{"entered"') || line.startsWith('{"shutdown"')) {
        this.said.push(JSON.parse(line));
        this.emit('said');
      }
    });
  }

  signal(): void {
    this.#child.kill('SIGTERM');
  }

  /** The exit code, once all output is read. */
  async exit(): Promise<number | null> {
    const [code] = await once(this.#child, 'close');
    running.delete(this.#child);
    if (code !== 0) {
      process.stderr.write(this.#errors);
    }
    return code;
  }

  async entered(count: number): Promise<void> {
    while (this.said.filter(({ entered }) => entered).length < count) await once(this, 'said');
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map(server => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}

/** A GET over a kept connection; `'200 {"waited":"5"}'`, or the error in words. */
function get(port: number, path: string, agent: http.Agent): Promise<string> {
  return new Promise(resolve => {
    const request = http.get({ host: '127.0.0.1', port, path, agent }, async response => {
      const body = await response.toArray().catch(String);
      resolve(`${response.statusCode} ${body.toString()}`);
    });
    request.on('error', error => resolve(String(error)));
  });
}

function keepAliveAgent(): http.Agent {
  const agent = new http.Agent({ keepAlive: true });
  cleanups.push(() => agent.destroy());
  return agent;
}

const restarts = 20;

it.each(['production', 'development'])(
  `loses no request over ${restarts} restarts under load, with NODE_ENV=%s`,
  async env => {
    const lifecycle = { serverShutdownDelay: { milliseconds: 600 } };
    const ports = await freePorts(4);
    const instances = new Map(ports.map(port => [port, new Instance(port, env, lifecycle)]));
    const proxy = new ReadinessProxy(ports);
    cleanups.push(() => proxy.stop());
    const port = await proxy.start();
    await Promise.all(ports.map(each => proxy.until(each, true)));

    const load = new AbortController();
    const failures: string[] = [];
    let served = 0;
    const agent = keepAliveAgent();
    const clients = Array.from({ length: 8 }, async (_, client) => {
      while (!load.signal.aborted) {
        // Some are running whenever an instance is told to stop.
        const ms = client === 0 ? 400 : client * 3;
        const answer = await get(port, `/api/things/x?ms=${ms}`, agent);
        if (answer === `200 {"waited":"${ms}"}`) served++;
        else failures.push(answer);
      }
    });

    const restart = async (each: number) => {
      const instance = instances.get(each)!;
      instance.signal();
      expect(await instance.exit()).toBe(0);
      // As a supervisor would; the port is free, or it would end.
      instances.set(each, new Instance(each, env, lifecycle));
      await proxy.until(each, false);
      await proxy.until(each, true);
    };
    for (let done = 0; done < restarts; done += 2) {
      // Two of four at a time, so that there is always somebody to serve.
      await Promise.all([0, 1].map(offset => restart(ports[(done + offset) % ports.length]!)));
    }
    load.abort();
    await Promise.all(clients);
    expect(failures).toEqual([]);
    expect(served).toBeGreaterThan(restarts);
    expect(proxy.closing).toBeGreaterThan(0);
  },
  300_000,
);

async function startOne(lifecycle: JsonObject): Promise<Instance> {
  const [port] = await freePorts(1);
  const instance = new Instance(port!, 'production', lifecycle);
  const proxy = new ReadinessProxy([port!]);
  cleanups.push(() => proxy.stop());
  await proxy.start();
  await proxy.until(port!, true);
  proxy.stop();
  return instance;
}

it('finishes what runs when SIGTERM comes twice', async () => {
  const instance = await startOne({});
  const agent = keepAliveAgent();
  const answers = Array.from({ length: 5 }, (_, at) =>
    get(instance.port, `/api/things/${at}?ms=800&tell=1`, agent),
  );
  await instance.entered(5);
  const exit = instance.exit();
  instance.signal();
  instance.signal();
  expect(await Promise.all(answers)).toEqual(Array(5).fill('200 {"waited":"800"}'));
  expect(await exit).toBe(0);
  expect(instance.said.at(-1)).toMatchObject({ shutdown: { outcome: 'success' } });
}, 60_000);

it('cuts off a request that never ends at the configured deadline, and names it in the result', async () => {
  const instance = await startOne({ drainTimeout: { milliseconds: 300 } });
  const answer = get(instance.port, '/api/things/never?tell=1', keepAliveAgent());
  await instance.entered(1);
  const exit = instance.exit();
  instance.signal();
  expect(await answer).toContain('socket hang up');
  expect(await exit).toBe(1);
  const { shutdown } = instance.said.at(-1)!;
  expect(shutdown!.outcome).toBe('failure');
  expect(JSON.stringify(shutdown!.hooks)).toContain('GET /api/things/never?tell=1');
}, 60_000);
