// Builds and packs our packages as for publishing, and installs the tarballs next to the published packages.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildInputs } from '../../scripts/lib/buildInputs.mjs';
import { listFiles } from '../../scripts/lib/listFiles.mjs';
import { packWorkspaces } from '../../scripts/lib/packWorkspaces.mjs';
import { runStep } from '../../scripts/lib/runSteps.mjs';
import { publishable, readWorkspaces, repositoryRoot } from '../../scripts/lib/workspaces.mjs';
import { npm } from './npm.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const cache = join(folder, '.cache/packed');
const stampFile = join(folder, 'node_modules/.ours-installed');

/** Resolves to the files of the tarballs. Only builds, packs and installs if what is in them has changed. */
export async function installOurs() {
  const fingerprint = fingerprintOf(publishable(readWorkspaces()));
  // One folder per state of the packages, because npm considers tarballs with the same name and version identical.
  const packed = join(cache, fingerprint.slice(0, 12));
  if (!existsSync(packed)) {
    process.stderr.write('Building and packing our packages.\n');
    const { status, output } = await runStep({
      command: [process.execPath, 'scripts/build.mjs'],
      cwd: repositoryRoot,
    });
    if (status !== 'passed') throw new Error(`Our packages do not build:\n${output.slice(-4000)}`);
    rmSync(cache, { recursive: true, force: true });
    const unfinished = join(cache, 'unfinished');
    mkdirSync(unfinished, { recursive: true });
    await packWorkspaces(unfinished);
    renameSync(unfinished, packed);
  }
  const tarballs = readdirSync(packed).map(name => join(packed, name));
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== fingerprint) {
    process.stderr.write('Installing our tarballs beside them.\n');
    rmSync(stampFile, { force: true });
    npm(['install', '--no-save', '--ignore-scripts', ...tarballs], folder);
    writeFileSync(stampFile, fingerprint);
  }
  return tarballs;
}

function fingerprintOf(ours) {
  const hash = createHash('sha256');
  for (const workspace of ours) hash.update(buildInputs(repositoryRoot, workspace, ours));
  // Packed beside what is built: schemas and templates.
  const folders = ours.map(({ path }) => `${path}/`);
  for (const path of listFiles(repositoryRoot)) {
    const own = folders.find(start => path.startsWith(start));
    if (!own || path.startsWith(`${own}src/`) || !existsSync(join(repositoryRoot, path))) continue;
    hash.update(`${path}\0`).update(readFileSync(join(repositoryRoot, path)));
  }
  return hash.digest('hex');
}
