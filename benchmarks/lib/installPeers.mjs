// Installs the peers with npm if node_modules does not match the lockfile.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
const stampFile = fileURLToPath(new URL('../node_modules/.bench-installed', import.meta.url));

/** Does nothing if the peers are installed. Throws an error that says what to do if installing fails. */
export function installPeers() {
  const lockfile = readFileSync(new URL('../package-lock.json', import.meta.url));
  const fingerprint = createHash('sha256').update(lockfile).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint) return;

  process.stderr.write('Installing the engines and libraries to compare with (npm ci in benchmarks/).\n');
  // npm is a batch file on Windows, which can only be started through a shell. No peer needs its install script.
  const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) {
    const how = error?.message ?? `npm ended with exit code ${status}`;
    throw new Error(
      `The peers of the benchmark could not be installed: ${how}. Check that the npm registry is reachable, then run it again.`,
    );
  }
  writeFileSync(stampFile, fingerprint);
}
