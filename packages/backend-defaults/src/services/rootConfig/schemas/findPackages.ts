// Finds installed packages: the one a file belongs to, and those that a package depends on.
import { readFileSync, realpathSync, statSync } from 'node:fs';
import nodeModule from 'node:module';
import { basename, dirname, join, sep } from 'node:path';
import type { JsonObject } from '@backstage/types';

/** What is read of a package.json. */
export interface PackageManifest {
  name?: string;
  version?: string;
  /** In the file itself also below `greenroom`, where only this loader looks. */
  configSchema?: string | JsonObject;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** The folder of the nearest package.json that has a name, at `path` or above it. */
export function packageFolderOf(path: string): string | undefined {
  for (let folder = path; ; folder = dirname(folder)) {
    if (readManifest(folder)?.name !== undefined) return realpathSync.native(folder);
    if (dirname(folder) === folder) return undefined;
  }
}

/** The package.json of a folder; `undefined` where there is none, or none that can be read. */
export function readManifest(folder: string): PackageManifest | undefined {
  const file = join(folder, 'package.json');
  // Asked first, because most folders on the way up have none, and a failed read costs much more.
  if (!isFile(file)) return undefined;
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as PackageManifest & {
      greenroom?: PackageManifest;
    };
    return { ...manifest, configSchema: manifest.configSchema ?? manifest.greenroom?.configSchema };
  } catch {
    return undefined;
  }
}

/** The folder of the package that `name` means in the files of `folder`, as Node resolves it. */
export function dependencyFolder(name: string, folder: string): string | undefined {
  if (process.versions.pnp !== undefined) return plugAndPlayFolder(name, folder);
  for (let parent = folder; ; parent = dirname(parent)) {
    if (basename(parent) !== 'node_modules') {
      const candidate = join(parent, 'node_modules', name);
      if (isFile(join(candidate, 'package.json'))) return realpathSync.native(candidate);
    }
    if (dirname(parent) === parent) return undefined;
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
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    // Below a file, or in a folder that must not be looked into.
    return false;
  }
}
