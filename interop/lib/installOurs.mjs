// Builds and packs our packages as for publishing, and installs the tarballs next to the published packages.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildInputs } from '../../scripts/lib/buildInputs.mjs';
import { publishable, readWorkspaces, repositoryRoot } from '../../scripts/lib/workspaces.mjs';
import { yarnCommand } from '../../scripts/lib/yarn.mjs';
import { npm } from './npm.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const cache = join(folder, '.cache/packed');
const stampFile = join(folder, 'node_modules/.ours-installed');

/** Returns the tarballs, `{ name, file }`. Only builds, packs and installs if the sources have changed. */
export function installOurs() {
  const workspaces = readWorkspaces();
  const ours = publishable(workspaces);
  const hash = createHash('sha256');
  for (const workspace of ours) hash.update(buildInputs(repositoryRoot, workspace, workspaces));
  const fingerprint = hash.digest('hex');
  // One folder per state of the sources, because npm considers tarballs with the same name and version identical.
  const packed = join(cache, fingerprint.slice(0, 12));
  if (!existsSync(packed) || readdirSync(packed).length !== ours.length) {
    rmSync(cache, { recursive: true, force: true });
    mkdirSync(packed, { recursive: true });
    process.stderr.write('Building and packing our packages.\n');
    run([process.execPath, 'scripts/build.mjs']);
    run(
      yarnCommand([
        ...['workspaces', 'foreach', '--all', '--no-private', '--parallel', '--jobs', '2'],
        ...['pack', '--out', join(packed, '%s.tgz')],
      ]),
    );
  }
  const tarballs = readdirSync(packed).map(name => join(packed, name));
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== fingerprint) {
    process.stderr.write('Installing our tarballs beside them.\n');
    npm(['install', '--no-save', '--ignore-scripts', ...tarballs], folder);
    writeFileSync(stampFile, fingerprint);
  }
  return tarballs;
}

function run([command, ...args]) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: repositoryRoot,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} ended with exit code ${status}:\n${stdout}${stderr}`.slice(-4000),
    );
  }
}
