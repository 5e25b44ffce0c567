// Builds the measured packages and their dependencies, including the engine, as for publishing, unless they are up to date.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../../scripts/lib/workspaces.mjs';

const measured = [
  '@greenroom/backend-defaults',
  '@greenroom/plugin-catalog-backend',
  '@greenroom/plugin-catalog-backend-module-scaffolder-entity-model',
  '@greenroom/plugin-scaffolder-backend',
];

/** Builds only what is measured, so that a change elsewhere can't keep the benchmark from running. */
export function buildEngine() {
  const build = join(repositoryRoot, 'scripts/build.mjs');
  const { status } = spawnSync(process.execPath, [build, ...measured], {
    cwd: repositoryRoot,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('The measured packages do not build. Nothing was measured.');
}
