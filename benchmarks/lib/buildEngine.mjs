// Builds the measured packages and their dependencies, including the engine, as for publishing, unless they are up to date.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildInputs, isBuilt, rememberBuild } from '../../scripts/lib/buildInputs.mjs';
import {
  inBuildOrder,
  readWorkspaces,
  repositoryRoot,
  workspaceDependencies,
} from '../../scripts/lib/workspaces.mjs';

const measured = [
  '@greenroom/backend-defaults',
  '@greenroom/plugin-catalog-backend',
  '@greenroom/plugin-catalog-backend-module-scaffolder-entity-model',
  '@greenroom/plugin-scaffolder-backend',
];

/** Builds only what is measured, so that a change elsewhere can't keep the benchmark from running. */
export function buildEngine() {
  const workspaces = readWorkspaces();
  for (const workspace of withDependencies(workspaces, measured)) {
    const inputs = buildInputs(repositoryRoot, workspace, workspaces);
    if (isBuilt(repositoryRoot, workspace, inputs)) continue;
    process.stderr.write(`Building ${workspace.path}.\n`);
    const { status } = spawnSync(process.execPath, [join(repositoryRoot, 'scripts/lib/buildPackage.mjs')], {
      cwd: workspace.dir,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) {
      throw new Error(
        `${workspace.path} does not build; \`npm run build\` shows it alone. Nothing was measured.`,
      );
    }
    rememberBuild(repositoryRoot, workspace, inputs);
  }
}

function withDependencies(workspaces, names) {
  const needed = new Set();
  const visit = workspace => {
    if (needed.has(workspace)) return;
    needed.add(workspace);
    workspaceDependencies(workspace, workspaces).forEach(visit);
  };
  workspaces.filter(({ name }) => names.includes(name)).forEach(visit);
  return inBuildOrder([...needed]);
}
