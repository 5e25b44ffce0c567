// Remembers the inputs that each package was built from, so that unchanged packages are not built again.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceDependencies } from './workspaces.mjs';

const sharedInputs = [
  'scripts/lib/buildPackage.mjs',
  'scripts/lib/entries.mjs',
  'scripts/lib/ownFile.mjs',
  'tsconfig.base.json',
  'tsconfig.build.json',
  'yarn.lock',
];

/** A hash of everything that a build of `workspace` reads: its sources, the shared settings and the packages it depends on. */
export function buildInputs(root, workspace, workspaces) {
  const hash = createHash('sha256');
  for (const file of sharedInputs) hash.update(readFileSync(join(root, file)));
  for (const dependency of workspaceDependencies(workspace, workspaces)) {
    hash.update(buildInputs(root, dependency, workspaces));
  }
  const sources = readdirSync(join(workspace.dir, 'src'), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.includes('.test.'))
    .map(entry => join(entry.parentPath, entry.name));
  for (const file of [join(workspace.dir, 'package.json'), ...sources.sort()]) {
    hash
      .update(`${file.slice(workspace.dir.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Whether the dist folder exists and was built from these inputs. */
export function isBuilt(root, workspace, inputs) {
  const stamp = stampFile(root, workspace);
  const complete = existsSync(join(workspace.dir, 'dist/index.d.mts')) && existsSync(stamp);
  return complete && readFileSync(stamp, 'utf8') === inputs;
}

/** Makes a build that is about to run, and may fail halfway, count for nothing until it is remembered. */
export function forgetBuild(root, workspace) {
  rmSync(stampFile(root, workspace), { force: true });
}

/** Records that the dist folder was built from these inputs. */
export function rememberBuild(root, workspace, inputs) {
  mkdirSync(join(root, '.cache/build'), { recursive: true });
  writeFileSync(stampFile(root, workspace), inputs);
}

function stampFile(root, { path }) {
  return join(root, '.cache/build', path.replaceAll('/', '+'));
}
