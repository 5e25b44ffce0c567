// Finds installed packages: the one a file belongs to, and those that a package depends on.
import { readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import nodeModule from 'node:module';
import { basename, dirname, join, sep } from 'node:path';
import type { JsonObject } from '@backstage/types';

/** What is read of a package.json. */
export interface PackageManifest {
  name?: string;
  version?: string;
  configSchema?: string | JsonObject;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  exports?: unknown;
  /** What the package says of its purpose. */
  backstage?: { role?: string };
}

/** The folder of the nearest package.json that has a name, at `path` or above it. */
export function packageFolderOf(path: string): string | undefined {
  for (let folder = path; ; folder = dirname(folder)) {
    // Asked first, because most folders on the way up have none, and a failed read costs much more.
    if (isFile(join(folder, 'package.json')) && readManifest(folder)?.name !== undefined) {
      return realpathSync.native(folder);
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** The package.json of a folder; `undefined` where there is none, or none that can be read. */
export function readManifest(folder: string): PackageManifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageManifest;
  } catch {
    return undefined;
  }
}

/** Finds the folders of packages as Node resolves them. Asks for each place once: most packages depend on the same ones. */
export class PackageFolders {
  readonly #modules = new Map<string, boolean>();
  readonly #packages = new Map<string, string | undefined>();

  /** The folder of the package that `name` means in the files of `folder`. */
  find(name: string, folder: string): string | undefined {
    if (process.versions.pnp !== undefined) return plugAndPlayFolder(name, folder);
    for (let parent = folder; ; parent = dirname(parent)) {
      const found = this.#hasModules(parent)
        ? this.#packageAt(join(parent, 'node_modules', name))
        : undefined;
      if (found !== undefined || dirname(parent) === parent) return found;
    }
  }

  /** Few folders have any; asked so, each package costs one question instead of one for each that it depends on. */
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

/** What Plug'n'Play, which yarn offers in the place of `node_modules`, adds to Node's own `module`. */
interface PlugAndPlay {
  findPnpApi?(folder: string): { resolveToUnqualified(name: string, folder: string): string | null } | null;
}

function plugAndPlayFolder(name: string, folder: string): string | undefined {
  const from = folder + sep;
  try {
    const api = (nodeModule as PlugAndPlay).findPnpApi?.(from);
    return api?.resolveToUnqualified(name, from) ?? undefined;
  } catch {
    // It throws for what is not installed.
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
    // Below a file, or in a folder that must not be looked into.
    return undefined;
  }
}
