// Tests the repositories created by `npm create @greenroom/backend` as a new user would: install, test, start, send requests.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from './runCommand.mjs';

/** A list of `{ name, args, urls }`: the arguments for `npm create` after the name, and the URLs that respond once it runs. */
const kinds = [
  { name: 'one-backend', args: [], urls: ['http://127.0.0.1:7007/api/notes'] },
  {
    name: 'two-backends',
    args: ['--', '--split'],
    urls: ['http://127.0.0.1:7007/api/notes', 'http://127.0.0.1:7008/api/digest'],
  },
];

/** Checks each kind with `check(name, work)`. The ports are those of the templates, and have to be free. */
export async function tryStartingPoints({ folder, registry, cache, check }) {
  mkdirSync(folder, { recursive: true });
  const settings = `registry=${registry}\ncache=${cache}\naudit=false\nfund=false\n`;
  writeFileSync(join(folder, '.npmrc'), settings);
  for (const { name, args, urls } of kinds) {
    const repository = join(folder, name);
    const made = await check(`npm create, ${name}`, () =>
      runCommand('npm', ['create', '--yes', '@greenroom/backend', name, ...args], { cwd: folder }),
    );
    if (!made) continue;
    writeFileSync(join(repository, '.npmrc'), settings);
    const installed = await check(`${name}: npm install`, () =>
      // If there is no prebuilt SQLite driver, it is compiled.
      runCommand('npm', ['install'], { cwd: repository, timeoutMs: 20 * 60_000 }),
    );
    if (!installed) continue;
    await check(`${name}: npm run types`, () => runCommand('npm', ['run', 'types'], { cwd: repository }));
    await check(`${name}: npm test`, () => runCommand('npm', ['test'], { cwd: repository }));
    await check(`${name}: npm start`, () => startAndAsk(repository, urls));
  }
}

/** Starts the repository like a user would, requests each URL until it responds with 200, and interrupts it. */
async function startAndAsk(repository, urls) {
  const chunks = [];
  const child = spawn('npm', ['start'], {
    cwd: repository,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => chunks.push(chunk));
  const ended = new Promise(resolve => child.once('exit', resolve));
  try {
    for (const url of urls) {
      const text = await answerOf(url, child);
      if (text === undefined) throw new Error(`${url} did not answer:\n${Buffer.concat(chunks)}`);
      if (!text.includes('welcome')) throw new Error(`${url} answered ${text}`);
    }
  } finally {
    process.kill(-child.pid, 'SIGINT');
    await ended;
  }
}

async function answerOf(url, child) {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(200)) {
    if (child.exitCode !== null) return undefined;
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return answer.text();
  }
  return undefined;
}
