// Runs a program that compares both implementations on random data, in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Returns what the program sends: `{ count, differences }`. `task` tells it what to compare. */
export async function compareInProcess(name, task) {
  const program = fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url));
  const env = { ...process.env, INTEROP_RANDOM: JSON.stringify(task) };
  // The published engine handles some rejections late, which makes Node print warnings.
  const execArgv = ['--no-warnings'];
  const child = fork(program, { env, execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [compared] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${name} ended with code ${code}; its output is above.`);
    }),
  ]);
  return compared;
}

/** Describes the differences; undefined if there are none. */
export function failureOf({ differences }) {
  return differences.length > 0 ? `${differences.length} differ:\n${differences[0]}` : undefined;
}
