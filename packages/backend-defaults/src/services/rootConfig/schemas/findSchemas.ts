// Finds the schemas of the packages that a backend consists of, and reads those that are JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@backstage/types';
import { isObject } from '../../../isObject';
import { type ConfigSchema, inlineDefinitions } from './ConfigSchema';
import { PackageFolders, type PackageManifest, readManifest } from './findPackages';
import type { PackageConfigSchema, SkippedSchema } from './PackageConfigSchema';
import type { TypedSchema } from './typed/readTypedSchemas';

// This implementation replaces them, so what their schemas require does not apply.
const replaced = new Set(['@backstage/backend-app-api', '@backstage/backend-defaults']);
const systemScope = /^@(?:backstage|greenroom)\//;

/** The result of the search. */
export interface FoundSchemas {
  readonly schemas: PackageConfigSchema[];
  /** Schemas that have to be compiled. */
  readonly typed: TypedSchema[];
  readonly skipped: SkippedSchema[];
  /** How many folders were visited. */
  readonly packages: number;
}

/** Searches the packages in `roots` and their dependencies, nearest first. */
export function findSchemas(roots: readonly string[]): FoundSchemas {
  const found = { schemas: [], typed: [], skipped: [] } as Omit<FoundSchemas, 'packages'>;
  const seenNames = new Set<string>();
  const packages = new PackageFolders();
  // Grows while it is iterated, by the dependencies of each package.
  const folders = new Set(roots);
  for (const folder of folders) {
    const manifest = readManifest(folder);
    if (!manifest) continue;
    const names = dependencyNames(manifest);
    const concerned = manifest.configSchema !== undefined || names.some(name => systemScope.test(name));
    if (!concerned && !roots.includes(folder)) continue;

    // If a package is installed twice, the copy nearest to the application counts.
    const packageName = manifest.name ?? folder;
    if (manifest.configSchema !== undefined && !seenNames.has(packageName) && !replaced.has(packageName)) {
      seenNames.add(packageName);
      addSchema(found, folder, packageName, manifest);
    }
    for (const name of names) {
      const dependency = packages.find(name, folder);
      if (dependency !== undefined) folders.add(dependency);
    }
  }
  return { ...found, packages: folders.size };
}

function addSchema(
  { schemas, typed, skipped }: Omit<FoundSchemas, 'packages'>,
  folder: string,
  packageName: string,
  { configSchema, version = '' }: PackageManifest,
): void {
  if (typeof configSchema === 'string' && configSchema.endsWith('.d.ts')) {
    typed.push({ packageName, version, file: join(folder, configSchema) });
    return;
  }
  try {
    schemas.push({ packageName, schema: readSchema(folder, configSchema!) as JsonObject });
  } catch (error) {
    skipped.push({ packageName, reason: (error as Error).message });
  }
}

function dependencyNames({
  dependencies,
  optionalDependencies,
  peerDependencies,
}: PackageManifest): string[] {
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  return names.filter(name => !name.startsWith('@types/'));
}

function readSchema(folder: string, given: string | JsonObject): ConfigSchema {
  if (typeof given === 'string' && !given.endsWith('.json')) {
    throw new Error(`${given} is neither a .json nor a .d.ts file`);
  }
  const schema: unknown =
    typeof given === 'string' ? JSON.parse(readFileSync(join(folder, given), 'utf8')) : given;
  if (!isObject(schema)) throw new Error('its schema is not an object');
  return inlineDefinitions(schema as ConfigSchema);
}
