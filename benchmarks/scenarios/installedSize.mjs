// Scenario: the content of node_modules after installing a backend with the defaults and SQLite in an empty folder.
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWorkspaces, repositoryRoot, withDependencies } from '../../scripts/lib/workspaces.mjs';
import { yarnCommand } from '../../scripts/lib/yarn.mjs';

export const scenario = {
  id: 'installed-size',
  title: 'node_modules of a backend with the defaults and SQLite (without the compiled driver)',
  makers: ['greenroom', 'published'],
  // It is the same every time.
  rounds: 1,
  metrics: [
    { key: 'packages', label: 'packages', unit: 'packages' },
    { key: 'sizeMb', label: 'size on disk', unit: 'MB' },
  ],

  run({ maker }) {
    const folder = mkdtempSync(join(tmpdir(), 'greenroom-bench-'));
    try {
      const defaults = maker === 'greenroom' ? packDefaults(folder) : ['@backstage/backend-defaults@0.18.0'];
      const app = join(folder, 'app');
      mkdirSync(app);
      writeFileSync(join(app, 'package.json'), '{"private":true}');
      const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
      spawn(['npm', 'install', ...quiet, ...defaults, 'better-sqlite3@12'], app);
      const installed = join(app, 'node_modules');
      return { packages: countPackages(installed), sizeMb: bytesIn(installed) / 1e6 };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },

  targets: [
    { what: 'packages in node_modules', key: 'packages', unit: 'packages', atMost: 200 },
    { what: 'size of node_modules', key: 'sizeMb', unit: 'MB', atMost: 60 },
  ].map(({ key, ...target }) => ({ ...target, value: median => median('greenroom', key) })),
};

/** The tarballs of the defaults and of the workspaces they depend on, as for publishing. */
function packDefaults(folder) {
  return withDependencies(['@greenroom/backend-defaults'], readWorkspaces()).map(({ dir }, at) => {
    const file = join(folder, `${at}.tgz`);
    spawn(yarnCommand(['pack', '--out', file], repositoryRoot), dir);
    return file;
  });
}

function countPackages(nodeModules) {
  return foldersIn(nodeModules)
    .flatMap(name =>
      name.startsWith('@') ? foldersIn(join(nodeModules, name)).map(own => join(name, own)) : [name],
    )
    .map(name => join(nodeModules, name, 'node_modules'))
    .reduce((count, nested) => count + 1 + countPackages(nested), 0);
}

function foldersIn(folder) {
  return list(folder)
    .filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

/** The disk usage in whole blocks, as `du` counts. */
function bytesIn(folder) {
  return list(folder).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + lstatSync(path).blocks * 512 + (entry.isDirectory() ? bytesIn(path) : 0);
  }, 0);
}

function list(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function spawn([command, ...args], cwd) {
  const shell = process.platform === 'win32';
  const { status, stderr } = spawnSync(command, args, { cwd, shell, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
}
