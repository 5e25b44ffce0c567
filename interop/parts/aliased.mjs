// A backend of published plugins that is migrated through package.json alone: the names it imports resolve to our packages.
import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scaffolder } from '../cases/scaffolder.mjs';
import { ready } from '../lib/ask.mjs';
import { createDatabase, databases } from '../lib/databases.mjs';
import { launch } from '../lib/launch.mjs';
import { npm } from '../lib/npm.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const aliases = ['backend-plugin-api', 'backend-app-api', 'backend-defaults'];
// Without the probe, which is a local file.
const features = scaffolder.features.filter(feature => feature.startsWith('@'));
const program = `import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();
${features.map(feature => `backend.add(import('${feature}'));`).join('\n')}
await backend.start();
`;

/** Yields one row per database. Starts from an empty folder, with the versions of the lockfile. */
export async function* aliased({ chosen, check, only, postgres, tarballs }) {
  // It installs everything once more, which takes too long for a complete check.
  if ((check && !only) || !chosen('aliased')) return;
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'greenroom-aliased-')));
  try {
    const notInstalled = await install(home, tarballs).catch(error => error.message);
    for (const name of databases) {
      yield {
        what: `\`overrides\` of ${aliases.map(alias => `\`@backstage/${alias}\``).join(', ')}`,
        database: name,
        asked: scaffolder.asked,
        failure: notInstalled ?? (await run(home, createDatabase(name, postgres))),
      };
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function install(home, tarballs) {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const tarball = name => `file:${tarballs.find(file => basename(file).endsWith(`-${name}.tgz`))}`;
  const ours = Object.fromEntries(aliases.map(name => [`@backstage/${name}`, tarball(name)]));
  const own = Object.fromEntries(aliases.map(name => [`@greenroom/${name}`, tarball(name)]));
  const theirs = Object.fromEntries(
    [...features, 'better-sqlite3', 'pg'].map(name => [name, dependencies[name]]),
  );
  const overrides = Object.fromEntries(Object.keys(ours).map(name => [name, `$${name}`]));
  const manifest = { private: true, type: 'module', dependencies: { ...theirs, ...own, ...ours }, overrides };
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest, null, 2));
  writeFileSync(join(home, 'index.mjs'), program);
  copyFileSync(join(folder, 'package-lock.json'), join(home, 'package-lock.json'));
  npm(['install', '--ignore-scripts', '--prefer-offline'], home);
  const built = 'node_modules/better-sqlite3/build/Release';
  mkdirSync(join(home, built), { recursive: true });
  copyFileSync(join(folder, built, 'better_sqlite3.node'), join(home, built, 'better_sqlite3.node'));
  const { packages } = JSON.parse(readFileSync(join(home, 'node_modules/.package-lock.json'), 'utf8'));
  for (const name of aliases) {
    const copies = Object.keys(packages).filter(path => path.endsWith(`node_modules/@backstage/${name}`));
    const installed = copies.map(path => JSON.parse(readFileSync(join(home, path, 'package.json'), 'utf8')));
    assert.deepEqual(
      installed.map(({ name: real }) => real),
      [`@greenroom/${name}`],
    );
  }
}

async function run(home, { database, drop }) {
  const backend = await launch({
    program: join(home, 'index.mjs'),
    cwd: home,
    config: scaffolder.config(),
    database,
  });
  try {
    await ready(backend);
    await scaffolder.ask(backend);
  } catch (error) {
    return `${error.message}\n${backend.output().slice(-3000)}`;
  } finally {
    await backend.stop();
    await drop();
  }
}
