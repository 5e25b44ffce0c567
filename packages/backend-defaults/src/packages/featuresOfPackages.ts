// Finds the backend features among the dependencies of a package, and loads them.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BackendFeature } from '@greenroom/backend-plugin-api';
import { describe, isError, isFeature, unwrapFeature } from '@greenroom/backend-plugin-api/internal';
import {
  PackageFolders,
  readManifest,
  type PackageManifest,
} from '../services/rootConfig/schemas/findPackages';
import { PackageLoadError, type UnloadedPackage } from './PackageLoadError';
import type { ChosenPackages } from './readChosenPackages';

const backendRoles = ['backend-plugin', 'backend-plugin-module', 'node-library', 'backend'];
const contracts = ['@greenroom/backend-plugin-api', '@backstage/backend-plugin-api'];

/**
 * The features that the dependencies of the package in `root` export as default, each once. Throws `GR_PACKAGE_LOAD`
 * with all packages that can't be loaded.
 */
export function featuresOfPackages(root: string, { include, exclude }: ChosenPackages): BackendFeature[] {
  const folders = new PackageFolders();
  const require = createRequire(join(root, 'package.json'));
  const names = include ?? Object.keys(readManifest(root)?.dependencies ?? {});
  const features = new Set<BackendFeature>();
  const unloaded: UnloadedPackage[] = [];
  for (const name of names) {
    if (exclude.includes(name)) continue;
    const folder = folders.find(name, root);
    const manifest = folder && readManifest(folder);
    if (!manifest) unloaded.push({ name, reason: `it is not installed for the package in ${root}` });
    if (!manifest || !isOfBackends(manifest)) continue;
    try {
      for (const entry of entriesOf(name, manifest)) {
        const feature = unwrapFeature(require(entry));
        if (isFeature(feature)) features.add(feature);
      }
    } catch (error) {
      unloaded.push({ name, reason: isError(error) ? error.message : describe(error), cause: error });
    }
  }
  const [first, ...others] = unloaded;
  if (first) throw new PackageLoadError([first, ...others]);
  return [...features];
}

/** Decides without loading the package. A package without a role is recognised by its dependencies. */
function isOfBackends({ backstage, dependencies, peerDependencies }: PackageManifest): boolean {
  if (backstage?.role !== undefined) return backendRoles.includes(backstage.role);
  const needed = { ...dependencies, ...peerDependencies };
  return contracts.some(contract => contract in needed);
}

function entriesOf(name: string, { exports }: PackageManifest): string[] {
  const hasAlpha = typeof exports === 'object' && exports !== null && './alpha' in exports;
  return hasAlpha ? [name, `${name}/alpha`] : [name];
}
