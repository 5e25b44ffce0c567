// Gathers the configuration schemas of the packages that a backend consists of.
import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { JsonObject } from '@backstage/types';
import { type ConfigSchema, inlineDefinitions } from './ConfigSchema';
import { dependencyFolder, packageFolderOf, type PackageManifest, readManifest } from './findPackages';

/**
 * The schema that a package ships.
 *
 * @public
 */
export interface PackageConfigSchema {
  packageName: string;
  /** A JSON schema of the whole configuration, as far as the package reads it. */
  schema: JsonObject;
}

/**
 * What {@link gatherSchemas} found.
 *
 * @public
 */
export interface GatheredSchemas {
  readonly schemas: readonly PackageConfigSchema[];
  /** Packages whose schema cannot be used, and why. */
  readonly skipped: ReadonlyArray<{ packageName: string; reason: string }>;
  /** How many package.json files were read. */
  readonly packages: number;
  readonly durationMs: number;
}

// This implementation stands in for them: what they require of the configuration is not required here.
const replaced = new Set(['@backstage/backend-app-api', '@backstage/backend-defaults']);
const systemScope = /^@(?:backstage|greenroom)\//;
const cache = new Map<string, GatheredSchemas>();

/**
 * Gathers the schemas of packages and of all that they depend on, by their `configSchema`: the path of a JSON file or
 * the schema itself. Found once a process.
 *
 * A dependency is followed where it ships a schema or itself depends on a package of the backend system, since whoever
 * does neither reads no configuration. Schemas written as types (`.d.ts`) are skipped: understanding them takes a
 * TypeScript compiler.
 *
 * @param roots - folders of packages; default: {@link defaultSchemaRoots}.
 * @public
 */
export function gatherSchemas(roots: readonly string[] = defaultSchemaRoots()): GatheredSchemas {
  const key = roots.join('\n');
  let gathered = cache.get(key);
  if (!gathered) cache.set(key, (gathered = gather(roots)));
  return gathered;
}

/**
 * The packages that a backend consists of: that of the script that the process runs, that of the working directory, and
 * this one. A script in `node_modules` is a tool and does not count.
 *
 * @public
 */
export function defaultSchemaRoots(script = process.argv[1] ?? '', cwd = process.cwd()): string[] {
  const isTool = script === '' || script.includes(`${sep}node_modules${sep}`);
  const roots = [
    isTool ? undefined : packageFolderOf(script),
    packageFolderOf(cwd),
    packageFolderOf(__dirname),
  ];
  return [...new Set(roots.filter(root => root !== undefined))];
}

function gather(roots: readonly string[]): GatheredSchemas {
  const begin = performance.now();
  const schemas: PackageConfigSchema[] = [];
  const skipped: Array<{ packageName: string; reason: string }> = [];
  const seenFolders = new Set<string>();
  const seenNames = new Set<string>();
  const queue = roots.map(folder => ({ folder, isRoot: true }));
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { folder, isRoot } = next;
    if (seenFolders.has(folder)) continue;
    seenFolders.add(folder);
    const manifest = readManifest(folder);
    if (!manifest) continue;
    const names = dependencyNames(manifest);
    const concerned = manifest.configSchema !== undefined || names.some(name => systemScope.test(name));
    if (!isRoot && !concerned) continue;

    // Of a package that is installed twice, the copy nearest to the application counts.
    const packageName = manifest.name ?? folder;
    if (manifest.configSchema !== undefined && !seenNames.has(packageName) && !replaced.has(packageName)) {
      seenNames.add(packageName);
      try {
        schemas.push({ packageName, schema: readSchema(folder, manifest.configSchema) as JsonObject });
      } catch (error) {
        skipped.push({ packageName, reason: (error as Error).message });
      }
    }
    for (const name of names) {
      const dependency = dependencyFolder(name, folder);
      if (dependency !== undefined) queue.push({ folder: dependency, isRoot: false });
    }
  }
  return { schemas, skipped, packages: seenFolders.size, durationMs: performance.now() - begin };
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
    throw new Error(`${given} is no JSON: schemas written as types are not read`);
  }
  const schema: unknown =
    typeof given === 'string' ? JSON.parse(readFileSync(join(folder, given), 'utf8')) : given;
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new Error('its schema is no object');
  }
  return inlineDefinitions(schema as ConfigSchema);
}
