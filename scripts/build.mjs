// `yarn build`: builds every published package, dependencies first, two in parallel. Unchanged packages are skipped.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildInputs, isBuilt, rememberBuild } from './lib/buildInputs.mjs';
import { runSteps } from './lib/runSteps.mjs';
import { stepTable } from './lib/stepTable.mjs';
import {
  inBuildOrder,
  publishable,
  readWorkspaces,
  repositoryRoot,
  workspaceDependencies,
} from './lib/workspaces.mjs';

const { values } = parseArgs({ options: { force: { type: 'boolean', default: false } } });
const workspaces = inBuildOrder(publishable(readWorkspaces()));
const inputs = new Map(
  workspaces.map(workspace => [workspace, buildInputs(repositoryRoot, workspace, workspaces)]),
);
const stale = workspaces.filter(
  workspace => values.force || !isBuilt(repositoryRoot, workspace, inputs.get(workspace)),
);

const steps = stale.map(workspace => ({
  name: workspace.path,
  workspace,
  cwd: workspace.dir,
  command: [process.execPath, join(repositoryRoot, 'scripts/lib/buildPackage.mjs')],
  after: workspaceDependencies(workspace, stale).map(({ path }) => path),
}));

if (steps.length === 0) {
  console.log(`all ${workspaces.length} packages are built already`);
} else {
  const table = stepTable(steps);
  const outcomes = await runSteps(steps, {
    onDone(outcome) {
      table.line(outcome);
      const { workspace } = outcome.step;
      if (outcome.status === 'passed') rememberBuild(repositoryRoot, workspace, inputs.get(workspace));
    },
  });
  table.failures(outcomes);
  if (outcomes.some(({ status }) => status !== 'passed')) process.exitCode = 1;
}
