// Starts a server in a process of its own, waits until it responds, and stops it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../scripts/lib/freePorts.mjs';

const folder = fileURLToPath(new URL('../servers/', import.meta.url));
const limitMs = 120_000;

/** The static access token that the backends accept. */
export const accessToken = 'bench-token-0123456789abcdef';

/**
 * Starts a server: `{ url, readyMs, usage(), stop() }`. `peer` is a bare server; without it, a backend of `maker`
 * with all defaults, and with `plugins` plugins or with the `features` of `pluginsServer.mjs`. `config` is merged
 * into its configuration, and `database` replaces SQLite in memory. Its output, including the request log, goes to a
 * file.
 */
export async function startServer({ maker, plugins = 0, peer, features, config = {}, database }) {
  const temporary = mkdtempSync(join(tmpdir(), 'greenroom-bench-'));
  const [port] = await freePorts(1);
  const configFile = join(temporary, 'app-config.yaml');
  writeFileSync(configFile, JSON.stringify({ ...configuration(port, database), ...config }));
  // A real backend's folder has one, and the published defaults look for it.
  writeFileSync(join(temporary, 'package.json'), '{"name":"bench","private":true}');
  const [program, ...args] = peer
    ? ['peerServer.mjs', peer, String(port)]
    : [...programOf(maker, plugins, features), '--config', configFile];
  // Not next to the configuration, because that folder is watched.
  const logs = mkdtempSync(join(tmpdir(), 'greenroom-bench-'));
  const output = openSync(join(logs, 'output.txt'), 'w');

  const begin = performance.now();
  const child = spawn(process.execPath, [join(folder, program), ...args], {
    cwd: temporary,
    stdio: ['ignore', output, 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  closeSync(output);
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    for (const own of [temporary, logs]) rmSync(own, { recursive: true, force: true });
  };
  try {
    await untilAnswered(`${url}${peer ? '/api/plugin-0/open' : '/.backstage/health/v1/readiness'}`, child);
  } catch (error) {
    await stop();
    throw error;
  }
  const readyMs = performance.now() - begin;
  return { url, readyMs, usage: () => usageOf(child), stop };
}

function programOf(maker, plugins, features) {
  return features ? ['pluginsServer.mjs', maker, features] : ['defaultsServer.mjs', maker, String(plugins)];
}

function configuration(port, database = { client: 'better-sqlite3', connection: ':memory:' }) {
  return {
    app: { baseUrl: 'http://localhost:3000', title: 'Benchmark' },
    backend: {
      baseUrl: `http://127.0.0.1:${port}`,
      listen: { host: '127.0.0.1', port },
      database,
      auth: {
        externalAccess: [{ type: 'static', options: { token: accessToken, subject: 'bench' } }],
      },
    },
  };
}

async function untilAnswered(url, child) {
  const deadline = performance.now() + limitMs;
  while ((await statusOf(url)) !== 200) {
    const how = child.signalCode ?? child.exitCode;
    if (how !== null) throw new Error(`The server ended with ${how}`);
    if (performance.now() > deadline) throw new Error(`${url} was not there within ${limitMs / 1000} s`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

function statusOf(url) {
  return new Promise(resolve => {
    get(url, { agent: false }, response => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', () => resolve(undefined));
  });
}

/** Returns `{ rssMb, cpuUs }`. */
async function usageOf(child) {
  child.send('usage');
  const [usage] = await once(child, 'message');
  return usage;
}
