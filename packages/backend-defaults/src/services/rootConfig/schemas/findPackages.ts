// Finds installed packages: the one that a file belongs to, and the dependencies of a package.
import { readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import nodeModule from 'node:module';
import { basename, dirname, join, sep } from 'node:path';
import type { JsonObject } from '@backstage/types';

/** The parts of a package.json that are read. */
export interface PackageManifest {
  name?: string;
  version?: string;
  configSchema?: string | JsonObject;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  exports?: unknown;
  /** What the package declares about its purpose. */
  backstage?: { role?: string };
}

/** The folder of the nearest package.json that has a name, at `path` or above. */
export function packageFolderOf(path: string): string | undefined {
  for (let folder = path; ; folder = dirname(folder)) {
    // Checks first, because most folders on the way up have none, and a failed read costs much more than a check.
    if (isFile(join(folder, 'package.json')) && readManifest(folder)?.name !== undefined) {
      return realpathSync.native(folder);
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** The package.json of a folder; undefined if it is missing or unreadable. */
export function readManifest(folder: string): PackageManifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageManifest;
  } catch {
    return undefined;
  }
}

/** Finds the folders of packages as Node resolves them. Checks each place once, because most packages share dependencies. */
export class PackageFolders {
  readonly #modules = new Map<string, boolean>();
  readonly #packages = new Map<string, string | undefined>();

  /** The folder of the package that files in `folder` get when they import `name`. */
  find(name: string, folder: string): string | undefined {
    if (process.versions.pnp !== undefined) return plugAndPlayFolder(name, folder);
    for (let parent = folder; ; parent = dirname(parent)) {
      const found = this.#hasModules(parent)
        ? this.#packageAt(join(parent, 'node_modules', name))
        : undefined;
      if (found !== undefined || dirname(parent) === parent) return found;
    }
  }

  /** Few folders have a `node_modules`. Thanks to this check, a package costs one look-up instead of one per dependency. */
  #hasModules(folder: string): boolean {
    let has = this.#modules.get(folder);
    if (has === undefined) {
      has =
        basename(folder) !== 'node_modules' && statusOf(join(folder, 'node_modules'))?.isDirectory() === true;
      this.#modules.set(folder, has);
    }
    return has;
  }

  #packageAt(folder: string): string | undefined {
    if (this.#packages.has(folder)) return this.#packages.get(folder);
    const found = isFile(join(folder, 'package.json')) ? realpathSync.native(folder) : undefined;
    this.#packages.set(folder, found);
    return found;
  }
}

/** What Plug'n'Play, yarn's alternative to `node_modules`, adds to Node's own `module`. */
interface PlugAndPlay {
  findPnpApi?(folder: string): { resolveToUnqualified(name: string, folder: string): string | null } | null;
}

function plugAndPlayFolder(name: string, folder: string): string | undefined {
  const from = folder + sep;
  try {
    const api = (nodeModule as PlugAndPlay).findPnpApi?.(from);
    return api?.resolveToUnqualified(name, from) ?? undefined;
  } catch {
    // Throws if the package is not installed.
    return undefined;
  }
}

function isFile(path: string): boolean {
  return statusOf(path)?.isFile() === true;
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Below a file, or in a folder that may not be read.
    return undefined;
  }
}
