// Writes a new repository from the templates that this package ships.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CreateBackendError } from './CreateBackendError';

/**
 * Options of {@link createRepository}.
 *
 * @public
 */
export interface CreateRepositoryOptions {
  /** Where to make it: a folder that does not exist yet, or is empty. Its name becomes that of the repository. */
  folder: string;
  /** Two backends with a shared environment instead of one. Default: false. */
  split?: boolean;
}

// Both from src/ and from dist/, the package is one folder up.
const packageFolder = resolve(__dirname, '..');
const marks = /\{\{(\w+)\}\}/g;
// Release 13 is built for Node-API 10, and 12 ends processes of Node 24.
const sqliteVersion = Number(process.versions.napi) >= 10 ? '^13.2.0' : '^12.11.1';

/**
 * Makes a repository that starts and passes its tests once its dependencies are installed. Returns the paths of its files,
 * relative to it.
 *
 * @throws CreateBackendError for a name that npm does not take, and for a folder that holds something already.
 *
 * @public
 */
export function createRepository(options: CreateRepositoryOptions): string[] {
  const folder = resolve(options.folder);
  const name = basename(folder);
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) {
    throw new CreateBackendError(
      `'${name}' can't be the name of a repository`,
      'Use lower-case letters, digits, dots, dashes and underscores, such as my-backend.',
    );
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new CreateBackendError(`The folder ${folder} is not empty`, 'Name one that does not exist yet.');
  }

  mkdirSync(folder, { recursive: true });
  for (const template of ['base', options.split ? 'split' : 'single']) {
    cpSync(join(packageFolder, 'templates', template), folder, { recursive: true });
  }
  // npm takes a .gitignore in a package as instructions for itself.
  renameSync(join(folder, 'gitignore'), join(folder, '.gitignore'));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name));
  const values: Record<string, string> = { name, sqliteVersion, ...versions() };
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const filled = text.replace(marks, (mark, key: string) => values[key] ?? mark);
    if (filled !== text) writeFileSync(file, filled);
  }
  return files.map(file => file.slice(folder.length + 1)).sort();
}

/** The versions of the packages that this one was released with; publishing writes them into its own manifest. */
function versions(): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const of = (name: string) => manifest.devDependencies[`@greenroom/${name}`]!;
  return {
    defaultsVersion: of('backend-defaults'),
    pluginApiVersion: of('backend-plugin-api'),
    testUtilsVersion: of('backend-test-utils'),
  };
}
