// Creates a repository from the templates in this package.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { CreateBackendError } from './CreateBackendError';

/**
 * Options of {@link createRepository}.
 *
 * @public
 */
export interface CreateRepositoryOptions {
  /** Where to create it: a folder that does not exist yet, or is empty but for `.git`. Its name becomes the name of the repository. */
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
  prepareFolder(folder);
  const values: Record<string, string> = { name, sqliteVersion, ...versions() };
  const files: string[] = [];
  for (const template of ['base', options.split ? 'split' : 'single']) {
    const source = join(packageFolder, 'templates', template);
    for (const path of filesIn(source)) {
      const text = readFileSync(join(source, path), 'utf8');
      // When publishing, npm would treat a .gitignore as instructions for itself.
      const file = path === 'gitignore' ? '.gitignore' : path;
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(
        join(folder, file),
        text.replace(marks, (mark, key: string) => values[key] ?? mark),
      );
      files.push(file);
    }
  }
  return files.sort();
}

/** Makes sure that the folder exists and holds nothing but the `.git` of a repository without files, and what macOS leaves. */
function prepareFolder(folder: string): void {
  let contents: string[];
  try {
    mkdirSync(folder, { recursive: true });
    contents = readdirSync(folder);
  } catch (error) {
    throw new CreateBackendError(
      `The folder ${folder} can't be made: ${(error as Error).message}`,
      'Name one in a folder that you may write to.',
    );
  }
  if (contents.some(entry => !['.git', '.DS_Store'].includes(entry))) {
    throw new CreateBackendError(`The folder ${folder} is not empty`, 'Name one that does not exist yet.');
  }
}

/** The paths of all files in a folder and those below it, relative to it. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)));
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
