// A real registry on the loopback interface for a single run: stores what is published, and proxies all other packages.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../scripts/lib/freePorts.mjs';
import { startCommand } from './runCommand.mjs';

/** Starts it with its files in `folder`: `{ url, token }`. It ends with this process. All other packages come from the registry `upstream`. */
export async function startRegistry({ folder, upstream }) {
  mkdirSync(folder, { recursive: true });
  const [port] = await freePorts(1);
  const config = join(folder, 'verdaccio.json');
  writeFileSync(config, JSON.stringify(settings(folder, upstream)));
  const program = fileURLToPath(new URL('../node_modules/verdaccio/bin/verdaccio', import.meta.url));
  const args = [program, '--config', config, '--listen', `127.0.0.1:${port}`];
  const server = startCommand(process.execPath, args);
  const url = `http://127.0.0.1:${port}/`;
  await answering(url, server);
  return { url, token: await addUser(url) };
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

async function answering(url, { ended, output }) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) return;
    if (await Promise.race([ended, sleep(100)])) break;
  }
  throw new Error(`The registry did not start:\n${output()}`);
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
