// `yarn release`: versions all packages by their changesets, builds, checks and publishes them, then prints what remains.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
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

// Also the changelogs of a first release, which git does not track yet.
const takeBack = "git restore . && git clean -fq '*CHANGELOG.md'";
const commit = 'git add -A && git commit -m Release';

try {
  await release();
} catch (error) {
  console.error(`\nNot released: ${error.message}`);
  process.exitCode = 1;
}

async function release() {
  const changed = await uncommitted();
  if (changed !== '') {
    throw new Error(
      `there are changes that are not committed, and a release has to be a commit:\n${changed}`,
    );
  }
  await prepare().catch(async error => {
    const undo = (await uncommitted()) && `. The versions are written; \`${takeBack}\` takes them back`;
    throw new Error(`${error.message}${undo}`);
  });
  await publish().catch(async error => {
    const keep = (await uncommitted()) && `, after \`${commit}\``;
    throw new Error(
      `${error.message}. What is published stays so: run the same command again${keep}, to publish the rest`,
    );
  });
  const left = (await uncommitted()) && `${commit} && `;
  console.log('\nPublished. Now keep what was published:');
  console.log(`  ${left}npx changeset tag && git push --follow-tags`);
}

/** Writes the versions, and makes sure that they may be published. */
async function prepare() {
  await run('Versions', ...bin('@changesets/cli', 'changeset'), 'version');
  const packages = publishable(readWorkspaces());
  const width = Math.max(...packages.map(({ name }) => name.length));
  for (const { name, manifest } of packages) console.log(`  ${name.padEnd(width)}  ${manifest.version}`);
  await run('Build', process.execPath, join('scripts', 'build.mjs'));
  if (!values['skip-checks']) {
    await run('Tests', process.execPath, join('scripts', 'test.mjs'));
    await run('Checks', process.execPath, join('scripts', 'check.mjs'));
  }
  if (!values.yes && !(await agreed(packages.length))) throw new Error('nobody agreed to it');
}

function publish() {
  return run(
    'Publish',
    ...yarnCommand([
      ...['workspaces', 'foreach', '--all', '--no-private', '--topological'],
      // Skips what an interrupted release has already published.
      ...['npm', 'publish', '--access', 'public', '--tolerate-republish'],
    ]),
  );
}

async function agreed(count) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const question = terminal.question(`\nPublish these ${count} packages? (y/N) `);
    // Without a terminal, or by Ctrl-D, the input ends and nothing is ever answered.
    const answer = await Promise.race([question, once(terminal, 'close').then(() => '')]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

function run(title, command, ...args) {
  console.log(`\n${title}`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: repositoryRoot, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`the step '${title}' ended with ${signal ?? `code ${code}`}`));
    });
  });
}

/** What git says of files that are not as they were committed. */
function uncommitted() {
  return new Promise((resolve, reject) => {
    const command = ['status', '--porcelain'];
    const child = spawn('git', command, { cwd: repositoryRoot, stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks = [];
    child.stdout.on('data', chunk => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', code =>
      code === 0
        ? resolve(Buffer.concat(chunks).toString().trim())
        : reject(new Error(`git ended with ${code}`)),
    );
  });
}
