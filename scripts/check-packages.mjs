// Packs every published package, runs publint and are-the-types-wrong on each tarball, and inspects the declarations.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { bin } from './lib/bin.mjs';
import { declarationProblems } from './lib/declarationProblems.mjs';
import { packWorkspaces } from './lib/packWorkspaces.mjs';
import { runSteps } from './lib/runSteps.mjs';

const folder = mkdtempSync(join(tmpdir(), 'greenroom-pack-'));
try {
  const tarballs = await packWorkspaces(folder);
  const problems = [...(await askPublint(tarballs)), ...(await askTypes(tarballs)), ...declarationProblems()];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log(`${tarballs.length} packed packages are sound`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function askPublint(tarballs) {
  const problems = [];
  for (const name of tarballs) {
    const bytes = readFileSync(join(folder, name));
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    for (const message of messages) problems.push(`${pkg.name}: publint: ${formatMessage(message, pkg)}`);
    problems.push(...manifestProblems(pkg));
  }
  return problems;
}

// Yarn has to replace these while packing, and publint does not check it.
function manifestProblems(pkg) {
  const text = JSON.stringify([pkg.exports, pkg.dependencies, pkg.peerDependencies]);
  return ['greenroom-source', 'workspace:']
    .filter(leftover => text.includes(leftover))
    .map(leftover => `${pkg.name}: the packed package.json still contains '${leftover}'`);
}

async function askTypes(tarballs) {
  const steps = tarballs.map(name => ({
    name,
    command: [
      ...bin('@arethetypeswrong/cli', 'attw'),
      '--profile',
      'node16',
      '--no-emoji',
      '--no-color',
      join(folder, name),
    ],
  }));
  const outcomes = await runSteps(steps);
  return outcomes
    .filter(({ status }) => status !== 'passed')
    .map(({ step, output }) => `${step.name}: are-the-types-wrong:\n${output}`);
}
