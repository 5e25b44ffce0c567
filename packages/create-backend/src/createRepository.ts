// Creates a repository from the templates in this package.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CreateBackendError } from './CreateBackendError';

/**
 * Options of {@link createRepository}.
 *
 * @public
 */
export interface CreateRepositoryOptions {
  /** Where to create it: a folder that does not exist yet, or is empty. Its name becomes the name of the repository. */
  folder: string;
  /** Whether to create two backends with a shared environment instead of one. Default: false. */
  split?: boolean;
}

// The package is one folder up from both src/ and dist/.
const packageFolder = resolve(__dirname, '..');
const marks = /\{\{(\w+)\}\}/g;
// Release 13 requires Node-API 10, and release 12 crashes Node 24.
const sqliteVersion = Number(process.versions.napi) >= 10 ? '^13.2.0' : '^12.11.1';

/**
 * Creates a repository that starts and passes its tests once its dependencies are installed. Returns the paths of its
 * files, relative to its folder.
 *
 * @throws CreateBackendError if npm does not accept the name, or the folder is not empty.
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
  // When publishing, npm would treat a .gitignore as instructions for itself.
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

/** The versions of the packages released together with this one. Publishing writes them into the manifest. */
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
