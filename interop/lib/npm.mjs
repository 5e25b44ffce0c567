// Runs npm, and throws with its output if it fails.
import { spawnSync } from 'node:child_process';

/** Runs npm with `args` in `cwd`. Throws with the end of its output if it fails. */
export function npm(args, cwd) {
  // npm is a batch file on Windows, which can only be started through a shell.
  const { status, error, stdout, stderr } = spawnSync('npm', [...args, '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) {
    const how = error?.message ?? `exit code ${status}`;
    throw new Error(
      `npm ${args.join(' ')} failed in ${cwd}: ${how}. Check that the npm registry is reachable, then run it again.\n${stdout}${stderr}`.slice(
        -4000,
      ),
    );
  }
}
