// Runs a backend of this package in its own process, like `npm start` does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** How a process ended. */
export interface ExampleExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** All output, with standard output and standard error in the order of arrival. */
  readonly output: string;
}

/** A running process. */
export interface RunningExample {
  /** The standard output so far. */
  stdout(): string;
  /**
   * Resolves with the match once this appears in the standard output. Rejects with all output if the process ends
   * first.
   */
  wrote(text: string | RegExp): Promise<readonly string[]>;
  /** Resolves with the URL once the start is over. */
  listening(): Promise<string>;
  /** Like {@link listening}, but also waits until the backend is ready. */
  ready(): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  readonly exit: Promise<ExampleExit>;
}

const sourceFolder = join(__dirname, '..');

/** The configuration of the example, for `--config`. */
export const exampleConfig = join(sourceFolder, '../app-config.yaml');

const children = new Set<RunningExample>();
const folders = new Set<string>();

/** Kills what a test left running, and removes its files. */
export async function cleanUpExamples(): Promise<void> {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all([...children].map(child => child.exit));
  await Promise.all([...folders].map(folder => rm(folder, { recursive: true, force: true })));
  folders.clear();
}

/** Creates a folder for a test. {@link cleanUpExamples} removes it. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'greenroom-example-'));
  folders.add(folder);
  return folder;
}

/** Creates a configuration file for a test. */
export async function writeConfig(content: string): Promise<string> {
  const file = join(await makeFolder(), 'extra.yaml');
  await writeFile(file, content);
  return file;
}

/** Runs `entry`, by default the example, from an unrelated working directory. */
export function runExample(
  args: readonly string[],
  entry = join(sourceFolder, 'index.ts'),
  environment: NodeJS.ProcessEnv = {},
): RunningExample {
  const tsx = pathToFileURL(require.resolve('tsx')).href;
  const child = spawn(process.execPath, ['--conditions=greenroom-source', '--import', tsx, entry, ...args], {
    cwd: tmpdir(),
    env: { ...plainEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));

  const exit = once(child, 'close').then(([code, signal]) => ({ code, signal, output }) as ExampleExit);
  const running: RunningExample = {
    stdout: () => stdout,
    async wrote(text) {
      for (;;) {
        const found = typeof text === 'string' ? stdout.includes(text) && [text] : text.exec(stdout);
        if (found) return found;
        await Promise.race([once(child.stdout, 'data'), failOn(exit)]);
      }
    },
    async listening() {
      const [, port] = await running.wrote(/Listening +http:\/\/localhost:(\d+)/);
      return `http://127.0.0.1:${port}`;
    },
    async ready() {
      return waitUntilReady(await running.listening());
    },
    kill: signal => void child.kill(signal),
    exit,
  };
  children.add(running);
  void exit.then(() => children.delete(running));
  return running;
}

async function failOn(exit: Promise<ExampleExit>): Promise<never> {
  const { code, signal, output } = await exit;
  throw new Error(`The backend ended (${signal ?? code}) before it was ready. It wrote:\n${output}`);
}

async function waitUntilReady(url: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const response = await fetch(`${url}/.backstage/health/v1/readiness`);
    if (response.status === 200) return url;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`${url} listens, but did not become ready`);
}

/** Removes variables set by the test runner or by whoever runs it, and selects readable logs. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(APP_CONFIG_|GREENROOM_ROLE$|LOG_LEVEL$|FORCE_COLOR$|NODE_OPTIONS$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), NODE_ENV: 'development', FORCE_COLOR: '0' };
}
