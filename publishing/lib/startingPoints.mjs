// Tests the repositories created by `npm create @greenroom/backend` as a new user would: install, test, start, send requests.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
    await check(`${name}: npm start`, () => runScript(repository, 'start', ended => askAll(urls, ended)));
    await check(`${name}: npm run dev`, () =>
      runScript(repository, 'dev', async ended => {
        await askAll(urls, ended);
        const source = join(repository, 'plugins/notes-backend-module-welcome/src/notesModuleWelcome.ts');
        writeFileSync(source, readFileSync(source, 'utf8').replaceAll('welcome', 'changed'));
        await answerOf(urls[0], ended, 'changed');
      }),
    );
  }
}

/** Runs a script of the repository like a user would, until `use(ended)` is done, and interrupts it. */
async function runScript(repository, script, use) {
  const { ended, output, kill } = startCommand('npm', ['run', script], { cwd: repository });
  try {
    await use(ended);
    kill('SIGINT');
    if (!(await Promise.race([ended, sleep(60_000, undefined, { ref: false })])))
      throw new Error('It did not stop');
  } catch (error) {
    throw new Error(`${error.message}:\n${output()}`, { cause: error });
  } finally {
    kill('SIGKILL');
    await ended;
  }
}

async function askAll(urls, ended) {
  for (const url of urls) await answerOf(url, ended, 'welcome');
}

/** Requests a URL until it responds with 200 and a text that contains `expected`, for at most two minutes. */
async function answerOf(url, ended, expected) {
  let text;
  for (const deadline = Date.now() + 120_000; Date.now() < deadline;) {
    const answer = await fetch(url).catch(() => undefined);
    text = answer?.status === 200 ? await answer.text() : text;
    if (text?.includes(expected)) return;
    if (await Promise.race([ended, sleep(200)])) break;
  }
  throw new Error(`${url} answered ${text ?? 'nothing'}`);
}
