// Packs every published package as for the registry, with yarn, which puts versions in the place of `workspace:`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runStep } from './runSteps.mjs';
import { publishable, readWorkspaces, repositoryRoot } from './workspaces.mjs';
import { yarnCommand } from './yarn.mjs';

/** Writes the tarballs of all built packages of the repository at `root` to `folder`; resolves to their names. */
export async function packWorkspaces(folder, root = repositoryRoot) {
  const expected = publishable(readWorkspaces(root)).length;
  const packed = await runStep({
    cwd: root,
    command: yarnCommand([
      ...['workspaces', 'foreach', '--all', '--no-private', '--parallel', '--jobs', '2'],
      ...['pack', '--out', join(folder, '%s.tgz')],
    ]),
  });
  const tarballs = readdirSync(folder).filter(name => name.endsWith('.tgz'));
  if (packed.status !== 'passed' || tarballs.length !== expected) {
    throw new Error(`yarn packed ${tarballs.length} of ${expected} packages:\n${packed.output}`);
  }
  return tarballs.sort();
}
