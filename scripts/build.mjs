// `yarn build [NAME...]`: builds every published package, or these with their dependencies, two in parallel. Unchanged ones are skipped.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildInputs, forgetBuild, isBuilt, rememberBuild } from './lib/buildInputs.mjs';
import { lockBuilds } from './lib/lockBuilds.mjs';
import { runSteps } from './lib/runSteps.mjs';
import { stepTable } from './lib/stepTable.mjs';
import {
  inBuildOrder,
  publishable,
  readWorkspaces,
  repositoryRoot,
  withDependencies,
  workspaceDependencies,
} from './lib/workspaces.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    force: { type: 'boolean', default: false },
    root: { type: 'string', default: repositoryRoot },
  },
});
const root = resolve(values.root);
const published = publishable(readWorkspaces(root));
const workspaces = inBuildOrder(
  positionals.length > 0 ? withDependencies(positionals, published) : published,
);
// Before anything is looked at: what is stale may not be any more once another build is done.
await lockBuilds(root, holder => console.log(`waiting for another build, process ${holder}`));
const inputs = new Map(workspaces.map(workspace => [workspace, buildInputs(root, workspace, workspaces)]));
const stale = workspaces.filter(
  workspace => values.force || !isBuilt(root, workspace, inputs.get(workspace)),
);
for (const workspace of stale) forgetBuild(root, workspace);

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
      if (outcome.status === 'passed') rememberBuild(root, workspace, inputs.get(workspace));
    },
  });
  table.failures(outcomes);
  if (outcomes.some(({ status }) => status !== 'passed')) process.exitCode = 1;
}
