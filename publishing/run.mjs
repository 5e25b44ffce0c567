// `npm run test:publish`: publishes everything to a temporary registry, and uses it from there with each package manager.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../scripts/lib/workspaces.mjs';
import { runCommand } from './lib/runCommand.mjs';

const { values } = parseArgs({
  options: {
    'update-sizes': { type: 'boolean', default: false },
    // Only package managers whose names start with this, for debugging.
    manager: { type: 'string', default: '' },
    // What CI has time for: npm only, without `npm create`, whose database driver takes a minute to compile.
    check: { type: 'boolean', default: false },
  },
});
const here = fileURLToPath(new URL('.', import.meta.url));
await runCommand('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here });
const { consumers, runs, writeConsumers } = await import('./lib/consumers.mjs');
const { packageManagers } = await import('./lib/packageManagers.mjs');
const { publishRelease } = await import('./lib/publishRelease.mjs');
const { tryStartingPoints } = await import('./lib/startingPoints.mjs');
const { startRegistry } = await import('./lib/startRegistry.mjs');
const { tarballProblems } = await import('./lib/tarballProblems.mjs');

const wanted = values.check ? 'npm' : values.manager;
const managers = packageManagers.filter(({ name }) => name.startsWith(wanted));
if (managers.length === 0) throw new Error(`There is no package manager '${wanted}' here`);

const begin = performance.now();
const outcomes = { passed: 0, failed: 0 };
const folder = mkdtempSync(join(tmpdir(), 'greenroom-publish-'));
const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
// The processes that use it have been ended by then.
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const registry = await startRegistry({ folder: join(folder, 'registry'), upstream });
const release = await publishRelease({ folder, registry, onStep: say });
await check('tarballs', () => lookInto(release.tarballs));
for (const manager of managers) await useWith(manager);
if (!values.check && 'npm'.startsWith(values.manager)) {
  const cache = join(folder, 'cache', 'npm');
  await tryStartingPoints({ folder: join(folder, 'starting'), registry: registry.url, cache, check });
}
mkdirSync(join(repositoryRoot, '.cache'), { recursive: true });
writeFileSync(join(repositoryRoot, '.cache/publish-summary.json'), JSON.stringify(outcomes));
console.log(`\n${outcomes.passed} passed, ${outcomes.failed} failed`);
// The registry still runs, and ends with this process.
process.exit(outcomes.failed > 0 ? 1 : 0);

function lookInto(tarballs) {
  const { problems, sizes } = tarballProblems(tarballs, { update: values['update-sizes'] });
  const width = Math.max(...Object.keys(sizes).map(name => name.length));
  for (const [name, bytes] of Object.entries(sizes)) {
    console.log(`    ${name.padEnd(width)}  ${String(Math.ceil(bytes / 1024)).padStart(5)} kB`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

async function useWith(manager) {
  const project = join(folder, manager.name.replace(/\W+/g, '-'));
  const { devDependencies } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
  writeConsumers(project, {
    typescript: devDependencies.typescript,
    nodeTypes: devDependencies['@types/node'],
  });
  const cache = join(folder, 'cache', manager.name.split(',')[0]);
  const installed = await check(`${manager.name}: install`, () =>
    manager.install({ folder: project, registry: registry.url, cache }),
  );
  if (!installed) return;
  for (const { name, file } of consumers) {
    await check(`${manager.name}: ${name}`, async () => {
      await manager.run(project, ['tsc', '-p', `tsconfig.${file}.json`]);
      const built = join('out', file.replace(/ts$/, 'js'));
      for (const { role, expectedOutput } of runs) {
        const output = await manager.run(project, ['node', built], { GREENROOM_ROLE: role });
        if (!output.includes(expectedOutput))
          throw new Error(`As '${role}', the program printed:\n${output}`);
      }
    });
  }
}

async function check(name, work) {
  try {
    await work();
    outcomes.passed++;
    say(`${name}: passed`);
    return true;
  } catch (error) {
    outcomes.failed++;
    say(`${name}: FAILED\n${error.message}`);
    return false;
  }
}

function say(text) {
  const seconds = ((performance.now() - begin) / 1000).toFixed(0).padStart(4);
  console.log(`${seconds} s  ${text}`);
}
