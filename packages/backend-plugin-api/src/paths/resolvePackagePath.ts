// Finds files that ship with a package, such as migrations and assets.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GreenroomError } from '../internal/errors';
import { overriddenPackagePath } from './packagePathOverrides';

/**
 * Returns the absolute path of a file or folder in an installed package. The package is given by its name, or by the
 * URL of a file in it, such as `import.meta.url`.
 *
 * A name is looked up where this package is installed, then from the working directory. For a URL, the package is the
 * nearest folder upwards with a `package.json`. To be included when the package is published, files must be listed in
 * `files` of its `package.json`.
 *
 * @throws an error with code `GR_PACKAGE_NOT_FOUND` if the package is not found. Whether the file exists is not
 * checked.
 *
 * @example
 * ```ts
 * const directory = resolvePackagePath('@example/plugin-greeter-backend', 'migrations');
 * const same = resolvePackagePath(import.meta.url, 'migrations');
 * ```
 */
export function resolvePackagePath(name: string, ...paths: string[]): string {
  if (name.startsWith('file:')) {
    const root = packageAround(name);
    return overriddenPackagePath(String(packageNameIn(root)), paths) ?? join(root, ...paths);
  }
  return overriddenPackagePath(name, paths) ?? join(findPackage(name), ...paths);
}

function packageAround(fileUrl: string): string {
  const start = dirname(fileURLToPath(fileUrl));
  const root = foldersFrom(start).find(folder => existsSync(join(folder, 'package.json')));
  if (root !== undefined) return root;
  throw new GreenroomError({
    code: 'GR_PACKAGE_NOT_FOUND',
    message: `No folder from ${start} upwards has a package.json`,
    hint: "Pass the `import.meta.url` of a file in the package, or the package's name.",
  });
}

function findPackage(name: string): string {
  const cwd = process.cwd();
  // In this order, because a backend may be started from anywhere, but is installed together with this package.
  const found =
    findFrom(__filename, name) ?? findFrom(join(cwd, 'package.json'), name) ?? findAround(cwd, name);
  if (found !== undefined) return found;
  throw new GreenroomError({
    code: 'GR_PACKAGE_NOT_FOUND',
    message: `Package '${name}' is neither installed next to ${dirname(__filename)} nor in or above ${cwd}`,
    hint: 'Check the name, and that it is a dependency of the package that asks for it.',
  });
}

function findFrom(file: string, name: string): string | undefined {
  const require = createRequire(file);
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    // Either it is not installed, or its exports hide its package.json, in which case its folder can still be found.
    for (const folder of require.resolve.paths(name) ?? []) {
      const root = join(folder, name);
      if (existsSync(join(root, 'package.json'))) return realpathSync(root);
    }
    return undefined;
  }
}

/** The enclosing package with that name, if any: a package is not installed inside itself. */
function findAround(directory: string, name: string): string | undefined {
  return foldersFrom(directory).find(folder => packageNameIn(folder) === name);
}

/** A folder and all its parents. */
function foldersFrom(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersFrom(parent)];
}

function packageNameIn(folder: string): unknown {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown } | null)
      ?.name;
  } catch {
    return undefined;
  }
}
