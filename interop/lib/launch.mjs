// Runs a program with a configuration in a process of its own, and stops it again.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../scripts/lib/freePorts.mjs';
import { endOnInterrupt } from './interrupt.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** How long a backend may take to start, and to stop. Generous, because times are reported and not limited. */
export const patienceMs = 300_000;

/** The token of an external caller, which every backend accepts. */
export const callerToken = 'interop-external-caller-0123456789';

/**
 * Starts `program` with `--config` and a file that merges `config` into what every backend here needs: a free port on
 * loopback, a database, an external caller. Returns the `child`, its `url`, `api(pluginId)`, `output()`, `ended` and
 * `stop()`.
 */
export async function launch({
  program,
  config = {},
  database,
  port,
  env = {},
  execArgv = [],
  cwd = folder,
}) {
  const listen = port ?? (await freePorts(1))[0];
  // Before anything is made, because it throws if the run has been interrupted meanwhile.
  const stop = endOnInterrupt(async () => {
    child.kill('SIGTERM');
    const last = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    const how = await ended;
    clearTimeout(last);
    rmSync(home, { recursive: true, force: true });
    return how;
  });
  const home = mkdtempSync(join(tmpdir(), 'greenroom-interop-'));
  const file = join(home, 'app-config.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(withBase(config, listen, database)));
  const child = fork(program, ['--config', file], {
    cwd,
    env: { ...process.env, NODE_ENV: 'development', ...env },
    execArgv,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => (output += text));
  }
  const ended = new Promise(resolve => child.once('exit', (code, signal) => resolve({ code, signal })));
  return {
    child,
    ended,
    url: `http://127.0.0.1:${listen}`,
    api: pluginId => `http://127.0.0.1:${listen}/api/${pluginId}`,
    output: () => output,
    stop,
  };
}

function withBase(config, port, database) {
  const { backend = {}, ...rest } = config;
  return {
    app: { baseUrl: `http://127.0.0.1:${port}` },
    ...rest,
    backend: {
      baseUrl: `http://127.0.0.1:${port}`,
      listen: { host: '127.0.0.1', port },
      database,
      ...backend,
      auth: { externalAccess: [{ type: 'static', options: { token: callerToken, subject: 'interop' } }] },
    },
  };
}
