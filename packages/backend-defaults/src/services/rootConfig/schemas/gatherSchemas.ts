// Gathers the configuration schemas of the packages that a backend consists of.
import { sep } from 'node:path';
import { packageFolderOf } from './findPackages';
import { findSchemas } from './findSchemas';
import type { GatheredSchemas } from './PackageConfigSchema';
import { readTypedSchemas } from './typed/readTypedSchemas';
import { SchemaCache, schemaCacheFolders } from './typed/SchemaCache';

/**
 * Options of {@link gatherSchemas}.
 *
 * @public
 */
export interface GatherSchemasOptions {
  /** Whether to compile schemas written as types even if they are cached; default false. */
  compileAnew?: boolean;
}

const cache = new Map<string, Promise<GatheredSchemas>>();

/**
 * Gathers the schemas of packages and all their dependencies, as given by `configSchema` in their package.json: the
 * path of a JSON file, the path of a `.d.ts` file that exports a type `Config`, or the schema itself. Runs once per
 * process and set of roots.
 *
 * Follows only dependencies that ship a schema or depend on a package of the backend system, because others read no
 * configuration. Schemas written as types are compiled if TypeScript is installed, and cached on disk, in
 * `node_modules/.cache` of the first root or in the user's cache folder. Never rejects because of a schema.
 *
 * @param roots - folders of packages; default: {@link defaultSchemaRoots}.
 * @public
 */
export function gatherSchemas(
  roots: readonly string[] = defaultSchemaRoots(),
  { compileAnew = false }: GatherSchemasOptions = {},
): Promise<GatheredSchemas> {
  const key = roots.join('\n');
  let gathered = compileAnew ? undefined : cache.get(key);
  if (!gathered) cache.set(key, (gathered = gather(roots, { anew: compileAnew })));
  return gathered;
}

/** The default result of {@link gatherSchemas} if it was called before, otherwise undefined. */
export function gatheredBefore(): Promise<GatheredSchemas> | undefined {
  return cache.get(defaultSchemaRoots().join('\n'));
}

async function gather(roots: readonly string[], options: { anew: boolean }): Promise<GatheredSchemas> {
  const begin = performance.now();
  const { schemas, typed, skipped, packages } = findSchemas(roots);
  const [application = '.'] = roots;
  const read = await readTypedSchemas(typed, new SchemaCache(schemaCacheFolders(application)), options);
  return {
    ...read,
    schemas: [...schemas, ...read.schemas],
    skipped: [...skipped, ...read.skipped],
    packages,
    durationMs: performance.now() - begin,
  };
}

/**
 * The packages that a backend consists of: the one of the running script, the one of the working directory, and this
 * one. A script in `node_modules` is a tool and does not count.
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
