// `yarn release`: versions all packages by their changesets, builds, checks and publishes them, then prints what remains.
import { parseArgs } from 'node:util';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { join } from 'node:path';
import { bin } from './lib/bin.mjs';
import { publishable, readWorkspaces, repositoryRoot } from './lib/workspaces.mjs';
import { yarnCommand } from './lib/yarn.mjs';

const { values } = parseArgs({
  options: {
    // For automated runs: skips the confirmation.
    yes: { type: 'boolean', default: false },
    // For a commit whose checks have just passed.
    'skip-checks': { type: 'boolean', default: false },
  },
});

try {
  await release();
} catch (error) {
  console.error(`\nNot released: ${error.message}`);
  process.exitCode = 1;
}

async function release() {
  const changed = await output('git', ['status', '--porcelain']);
  if (changed.trim() !== '') {
    throw new Error(
      `there are changes that are not committed, and a release has to be a commit:\n${changed}`,
    );
  }
  await run('Versions', ...bin('@changesets/cli', 'changeset'), 'version');
  const packages = publishable(readWorkspaces());
  const width = Math.max(...packages.map(({ name }) => name.length));
  for (const { name, manifest } of packages) console.log(`  ${name.padEnd(width)}  ${manifest.version}`);
  await run('Build', process.execPath, join('scripts', 'build.mjs'));
  if (!values['skip-checks']) {
    await run('Tests', process.execPath, join('scripts', 'test.mjs'));
    await run('Checks', process.execPath, join('scripts', 'check.mjs'));
  }
  if (!values.yes && !(await agreed(packages.length))) {
    throw new Error('the versions are written; `git restore .` takes them back');
  }
  await run(
    'Publish',
    ...yarnCommand([
      ...['workspaces', 'foreach', '--all', '--no-private', '--topological'],
      // Skips what an interrupted release has already published.
      ...['npm', 'publish', '--access', 'public', '--tolerate-republish'],
    ]),
  );
  console.log('\nPublished. Now keep what was published:');
  console.log("  git commit -am 'Release' && npx changeset tag && git push --follow-tags");
}

async function agreed(count) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`\nPublish these ${count} packages? (y/N) `)).trim());
  } finally {
    terminal.close();
  }
}

function run(title, command, ...args) {
  console.log(`\n${title}`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: repositoryRoot, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', code => {
      if (code === 0) resolve();
      else reject(new Error(`the step '${title}' ended with code ${code}`));
    });
  });
}

function output(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: repositoryRoot, stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks = [];
    child.stdout.on('data', chunk => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', code =>
      code === 0
        ? resolve(Buffer.concat(chunks).toString())
        : reject(new Error(`${command} ended with ${code}`)),
    );
  });
}
