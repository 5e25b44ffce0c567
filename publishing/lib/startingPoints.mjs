// Tests the repositories created by `npm create @greenroom/backend` as a new user would: install, test, start, send requests.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
    await check(`${name}: npm start`, () => runScript(repository, 'start', child => askAll(urls, child)));
    await check(`${name}: npm run dev`, () =>
      runScript(repository, 'dev', async child => {
        await askAll(urls, child);
        const source = join(repository, 'plugins/notes-backend-module-welcome/src/notesModuleWelcome.ts');
        writeFileSync(source, readFileSync(source, 'utf8').replaceAll('welcome', 'changed'));
        await answerOf(urls[0], child, 'changed');
      }),
    );
  }
}

/** Runs a script of the repository like a user would, until `use` is done, and interrupts it. */
async function runScript(repository, script, use) {
  const chunks = [];
  const child = spawn('npm', ['run', script], {
    cwd: repository,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => chunks.push(chunk));
  const ended = new Promise(resolve => child.once('exit', resolve));
  try {
    await use(child);
  } catch (error) {
    throw new Error(`${error.message}:\n${Buffer.concat(chunks)}`, { cause: error });
  } finally {
    // Whatever has ended by itself is part of the error already.
    if (child.exitCode === null) process.kill(-child.pid, 'SIGINT');
    await ended;
  }
}

async function askAll(urls, child) {
  for (const url of urls) await answerOf(url, child, 'welcome');
}

/** Requests a URL until it responds with 200 and a text that contains `expected`. */
async function answerOf(url, child, expected) {
  let text;
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(200)) {
    if (child.exitCode !== null) break;
    const answer = await fetch(url).catch(() => undefined);
    text = answer?.status === 200 ? await answer.text() : text;
    if (text?.includes(expected)) return;
  }
  throw new Error(`${url} answered ${text ?? 'nothing'}`);
}
