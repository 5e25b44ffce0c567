// Packs every published package as for publishing, using yarn, which replaces `workspace:` with versions.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runStep } from './runSteps.mjs';
import { publishable, readWorkspaces, repositoryRoot } from './workspaces.mjs';
import { yarnCommand } from './yarn.mjs';

/** Packs all built packages of the repository at `root` into `folder`. Resolves to the names of the tarballs. */
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
