// Decides roughly whether a value is of the kind that a schema describes.
import { ConfigReader, readDurationFromConfig } from '@backstage/config';
import { type ConfigSchema, referentOf } from './ConfigSchema';

/** The kind of a value in terms of JSON schema. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/**
 * Whether readers of the configuration accept a string as a number, boolean or duration. Variables can only hold
 * strings.
 */
export function isReadableAs(value: unknown, { type = [], properties = {} }: ConfigSchema): boolean {
  if (typeof value !== 'string' || value.trim() === '') return false;
  const types = [type].flat();
  if (types.includes('boolean') && /^(?:true|false)$/i.test(value)) return true;
  if (types.includes('integer') && Number.isInteger(Number(value))) return true;
  if (types.includes('number') && Number.isFinite(Number(value))) return true;
  // Schemas made from the type of a duration have only its units.
  return types.includes('object') && Object.hasOwn(properties, 'milliseconds') && isDuration(value);
}

function isDuration(text: string): boolean {
  try {
    readDurationFromConfig(new ConfigReader({ text }), { key: 'text' });
    return true;
  } catch {
    return false;
  }
}

/** The indices of the alternatives of the value's kind that have its fixed values. */
export function branchesFor(value: unknown, branches: readonly ConfigSchema[]): number[] {
  return branches.flatMap((branch, index) => (isOfKind(value, branch) ? [index] : []));
}

function isOfKind(value: unknown, schema: ConfigSchema): boolean {
  if (schema.const !== undefined) return schema.const === value;
  if (schema.enum) return schema.enum.includes(value);
  if (schema.type !== undefined) {
    const types = [schema.type].flat();
    const kind = kindOf(value);
    if (!types.includes(kind) && !(kind === 'number' && types.includes('integer'))) return false;
  }
  if (kindOf(value) !== 'object') return true;
  // Objects that come in several forms are told apart by a key such as `type`.
  return Object.entries(schema.properties ?? {}).every(([key, { const: fixed, enum: listed, not }]) => {
    const own = (value as Record<string, unknown>)[key];
    if (fixed !== undefined) return own === fixed;
    if ((not as ConfigSchema | undefined)?.enum?.includes(own)) return false;
    return listed === undefined || own === undefined || listed.includes(own);
  });
}

/**
 * The schema itself and, recursively, the alternatives that the value may be meant for: those with exactly this
 * value, otherwise those of its kind, otherwise all of them.
 */
export function meantBy(
  value: unknown,
  schema: ConfigSchema,
  open: readonly ConfigSchema[] = [],
): ConfigSchema[] {
  // A circular reference adds nothing.
  if (open.includes(schema)) return [];
  const chosen = [schema.anyOf ?? [], schema.oneOf ?? []].flatMap(branches => {
    const exact = branches.filter(branch => branch.const !== undefined && branch.const === value);
    const fitting = exact.length > 0 ? exact : branches.filter(branch => isOfKind(value, branch));
    return fitting.length > 0 ? fitting : branches;
  });
  const further = [...(schema.allOf ?? []), ...chosen, referentOf(schema) ?? []].flat();
  return [schema, ...further.flatMap(each => meantBy(value, each, [...open, schema]))];
}
