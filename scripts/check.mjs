// `yarn check`: runs everything except the tests, two independent steps in parallel, one line per step, failures at the end.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installWhenNeeded } from './lib/installWhenNeeded.mjs';
import { bin } from './lib/bin.mjs';
import { runSteps } from './lib/runSteps.mjs';
import { stepTable } from './lib/stepTable.mjs';
import { repositoryRoot } from './lib/workspaces.mjs';

if (await installWhenNeeded()) await check();
else process.exitCode = 1;

async function check() {
  const script = (name, ...args) => [process.execPath, join('scripts', name), ...args];
  // The slow chain comes first, so that the quick steps run in parallel to it.
  const steps = [
    { name: 'manifests', command: script('manifests.mjs', '--check') },
    { name: 'build', command: script('build.mjs'), after: ['manifests'] },
    { name: 'types', command: [...bin('typescript', 'tsc'), '-p', 'tsconfig.json'] },
    { name: 'api reports', command: script('api-reports.mjs'), after: ['build'] },
    { name: 'packed packages', command: script('check-packages.mjs'), after: ['build'] },
    {
      name: 'imports',
      command: [
        ...bin('dependency-cruiser', 'depcruise'),
        '--config',
        '.dependency-cruiser.cjs',
        'packages',
        'plugins',
      ],
    },
    { name: 'lint', command: [...bin('oxlint'), '--deny-warnings'] },
    { name: 'configuration', command: script('docs-configuration.mjs', '--check') },
    { name: 'structure', command: script('check-structure.mjs') },
    { name: 'documents', command: script('check-docs.mjs') },
    { name: 'format', command: [...bin('prettier'), '--check', '--log-level', 'warn', '.'] },
  ].map(step => ({ ...step, cwd: repositoryRoot }));

  const begin = performance.now();
  const table = stepTable(steps);
  const outcomes = await runSteps(steps, { onDone: table.line });
  table.failures(outcomes);

  const passed = outcomes.filter(({ status }) => status === 'passed').length;
  const failed = outcomes.length - passed;
  console.log(
    `\n${passed} of ${outcomes.length} checks passed in ${((performance.now() - begin) / 1000).toFixed(1)} s`,
  );
  mkdirSync(join(repositoryRoot, '.cache'), { recursive: true });
  writeFileSync(join(repositoryRoot, '.cache/check-summary.json'), JSON.stringify({ passed, failed }));
  if (failed > 0) process.exitCode = 1;
}
