// Reads the schemas that packages ship as types: from the cache, or else by compiling and caching them.
import { readFileSync } from 'node:fs';
import type { JsonObject } from '@backstage/types';
import type { GatheredSchemas, PackageConfigSchema, SkippedSchema } from '../PackageConfigSchema';
import { type CompiledSchema, compileTypedSchemas } from './compileTypedSchemas';
import { loadCompiler } from './loadCompiler';
import type { SchemaCache, SchemaSource } from './SchemaCache';

/** A schema written as types. */
export interface TypedSchema {
  readonly packageName: string;
  readonly version: string;
  /** Absolute path. */
  readonly file: string;
}

/** The result of reading them. */
type TypedSchemas = Pick<GatheredSchemas, 'schemas' | 'skipped' | 'uncompiled' | 'compiled'>;

/** Never throws because of a schema. With `anew`, compiles all of them, even if they are cached. */
export async function readTypedSchemas(
  typed: readonly TypedSchema[],
  cache: SchemaCache,
  { anew = false } = {},
): Promise<TypedSchemas> {
  const known = new Map<TypedSchema, CompiledSchema>();
  const toCompile = new Map<TypedSchema, SchemaSource>();
  for (const each of typed) {
    try {
      const source = { ...each, text: readFileSync(each.file, 'utf8') };
      const kept = anew ? undefined : cache.read(source);
      if (kept) known.set(each, kept);
      else toCompile.set(each, source);
    } catch (error) {
      known.set(each, { problem: (error as Error).message });
    }
  }
  const compiler = toCompile.size > 0 ? await loadCompiler() : undefined;
  if (!compiler) return { ...sorted(known), uncompiled: [...toCompile.keys()].map(each => each.packageName) };

  let folder: string | undefined;
  const outcomes = compileTypedSchemas(
    compiler,
    [...toCompile.keys()].map(({ file }) => file),
  );
  [...toCompile].forEach(([each, source], index) => {
    known.set(each, outcomes[index]!);
    folder = cache.write(source, outcomes[index]!);
  });
  return { ...sorted(known), uncompiled: [], compiled: { count: toCompile.size, ...(folder && { folder }) } };
}

function sorted(known: ReadonlyMap<TypedSchema, CompiledSchema>) {
  const schemas: PackageConfigSchema[] = [];
  const skipped: SkippedSchema[] = [];
  for (const [{ packageName }, { schema, problem }] of known) {
    if (schema) schemas.push({ packageName, schema: schema as JsonObject });
    if (problem) skipped.push({ packageName, reason: problem, ...(schema && { inPart: true }) });
  }
  return { schemas, skipped };
}
