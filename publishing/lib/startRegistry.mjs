// A real registry on the loopback interface for a single run: stores what is published, and proxies all other packages.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../scripts/lib/freePorts.mjs';

/** Starts it with its files in `folder`. All other packages come from the registry `upstream`. */
export async function startRegistry({ folder, upstream }) {
  mkdirSync(folder, { recursive: true });
  const [port] = await freePorts(1);
  const config = join(folder, 'verdaccio.json');
  writeFileSync(config, JSON.stringify(settings(folder, upstream)));
  const program = fileURLToPath(new URL('../node_modules/verdaccio/bin/verdaccio', import.meta.url));
  const log = [];
  const child = spawn(process.execPath, [program, '--config', config, '--listen', `127.0.0.1:${port}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => log.push(chunk));
  const url = `http://127.0.0.1:${port}/`;
  await answering(url, child, log);
  const token = await addUser(url);
  return {
    url,
    token,
    stop: () =>
      new Promise(resolve => {
        child.once('exit', resolve);
        child.kill();
      }),
  };
}

function settings(folder, upstream) {
  return {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    uplinks: { upstream: { url: upstream, maxage: '60m', timeout: '120s' } },
    packages: {
      // Never proxied: a release on the upstream registry must not be used instead of ours.
      '@greenroom/*': { access: '$all', publish: '$authenticated' },
      '**': { access: '$all', proxy: 'upstream' },
    },
    max_body_size: '100mb',
    log: { type: 'stdout', format: 'json', level: 'warn' },
  };
}

async function answering(url, child, log) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) return;
  }
  child.kill();
  throw new Error(`The registry did not start:\n${Buffer.concat(log)}`);
}

async function addUser(url) {
  const user = { name: 'release', password: 'a password for one run' };
  const answer = await fetch(`${url}-/user/org.couchdb.user:${user.name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  const { token } = await answer.json();
  if (!token) throw new Error(`The registry gave no token: ${answer.status}`);
  return token;
}
