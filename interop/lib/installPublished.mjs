// Installs the published packages, exactly as locked, if node_modules does not match the lockfile.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repositoryRoot } from '../../scripts/lib/workspaces.mjs';
import { npm } from './npm.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const modules = join(folder, 'node_modules');
const stampFile = join(modules, '.interop-installed');

/** Does nothing if they are installed. Throws an error that says what to do if installing fails. */
export function installPublished() {
  const fingerprint = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .update(process.versions.modules)
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint) return;

  process.stderr.write('Installing the published packages (npm ci in interop/; 400 MB).\n');
  // The SQLite driver has the only install script that is needed here.
  npm(['ci', '--ignore-scripts'], folder);
  installSqlite();
  writeFileSync(stampFile, fingerprint);
}

// Compiling takes a minute, and the repository's own install has usually done it for the same version.
function installSqlite() {
  const ours = join(repositoryRoot, 'node_modules/better-sqlite3');
  const theirs = join(modules, 'better-sqlite3');
  const version = dir => JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).version;
  const built = 'build/Release/better_sqlite3.node';
  if (existsSync(join(ours, built)) && version(ours) === version(theirs)) {
    mkdirSync(join(theirs, 'build/Release'), { recursive: true });
    copyFileSync(join(ours, built), join(theirs, built));
  } else {
    npm(['rebuild', 'better-sqlite3'], folder);
  }
}
