// Installs the published packages, exactly those of the lockfile, when what is in node_modules is not what it asks for.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repositoryRoot } from '../../scripts/lib/workspaces.mjs';
import { npm } from './npm.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const modules = join(folder, 'node_modules');
const stampFile = join(modules, '.interop-installed');

/** Costs nothing when they are there. Throws with the way out when they can't be installed. */
export function installPublished() {
  const fingerprint = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .update(process.versions.modules)
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint) return;

  process.stderr.write('Installing the published packages (npm ci in interop/; 400 MB).\n');
  // Of all their install scripts only that of the SQLite driver makes something that is needed here.
  npm(['ci', '--ignore-scripts'], folder);
  installSqlite();
  writeFileSync(stampFile, fingerprint);
}

// Compiling takes a minute; the repository's own install has done it already, mostly of the same version.
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
