// Runs npm, and fails with its output.
import { spawnSync } from 'node:child_process';

/** Runs npm with `args` in `cwd`. Throws when it fails, with the end of what it said. */
export function npm(args, cwd) {
  // npm is a batch file on Windows, and those start only through a shell.
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
