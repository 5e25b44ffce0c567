// Runs a program of the `programs` folder in its own process.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** How a program ended. */
export interface ProgramExit {
  code: number | null;
  /** Of both output streams, in the order in which they were read. */
  lines: string[];
}

const running = new Set<ChildProcess>();

// Starting a program takes a second, and on a busy machine many.
jest.setTimeout(120_000);

// A program that does not end fails its test, and must not outlive it.
afterEach(() => running.forEach(child => child.kill('SIGKILL')));

/**
 * Resolves when the program has ended. `signals` are sent one by one: each when the program writes the line `signal me`.
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  signals: readonly NodeJS.Signals[] = [],
): Promise<ProgramExit> {
  const path = join(__dirname, 'programs', file);
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--conditions=greenroom-source', '--import', 'tsx', path, ...args],
    {
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.add(child);
  const left = [...signals];
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      const read = (rest + chunk).split('\n');
      rest = read.pop()!;
      lines.push(...read);
      for (const line of read) if (line === 'signal me') child.kill(left.shift());
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  running.delete(child);
  return { code, lines };
}
