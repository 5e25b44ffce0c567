// Tests the repositories created by `npm create @greenroom/backend` as a new user would: install, test, start, send requests.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { npmOptions } from './npmOptions.mjs';
import { runCommand, startCommand } from './runCommand.mjs';

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
export async function tryStartingPoints({ folder, check, ...places }) {
  mkdirSync(folder, { recursive: true });
  const options = npmOptions(places);
  for (const { name, args, urls } of kinds) {
    const repository = join(folder, name);
    const made = await check(`npm create, ${name}`, () =>
      runCommand('npm', ['create', '--yes', ...options, '@greenroom/backend', name, ...args], {
        cwd: folder,
      }),
    );
    if (!made) continue;
    const installed = await check(`${name}: npm install`, () =>
      // If there is no prebuilt SQLite driver, it is compiled.
      runCommand('npm', ['install', ...options], { cwd: repository, timeoutMs: 20 * 60_000 }),
    );
    if (!installed) continue;
    await check(`${name}: npm run types`, () => runCommand('npm', ['run', 'types'], { cwd: repository }));
    await check(`${name}: npm test`, () => runCommand('npm', ['test'], { cwd: repository }));
    await check(`${name}: npm start`, () => startAndAsk(repository, urls));
  }
}

/** Starts the repository like a user would, requests each URL until it responds with 200, and interrupts it. */
async function startAndAsk(repository, urls) {
  const { ended, output, kill } = startCommand('npm', ['start'], { cwd: repository });
  try {
    for (const url of urls) {
      const text = await answerOf(url, ended);
      if (text === undefined) throw new Error(`${url} did not answer:\n${output()}`);
      if (!text.includes('welcome')) throw new Error(`${url} answered ${text}`);
    }
    kill('SIGINT');
    if (!(await Promise.race([ended, sleep(60_000, undefined, { ref: false })])))
      throw new Error(`It did not stop:\n${output()}`);
  } finally {
    kill('SIGKILL');
    await ended;
  }
}

/** Undefined if there is none for two minutes, or once the process has ended. */
async function answerOf(url, ended) {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return answer.text();
    if (await Promise.race([ended, sleep(200)])) return undefined;
  }
  return undefined;
}
