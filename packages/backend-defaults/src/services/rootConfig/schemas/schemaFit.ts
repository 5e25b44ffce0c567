// Tells roughly whether a value is of the kind that a schema is about.
import { type ConfigSchema, referentOf } from './ConfigSchema';

/** The kinds of a value in the words of JSON schema. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** Whether the readers of the configuration take a text for a number or boolean: variables hold nothing but text. */
export function isReadableAs(value: unknown, type: string | readonly string[] = []): boolean {
  if (typeof value !== 'string' || value.trim() === '') return false;
  const types = [type].flat();
  if (types.includes('boolean') && /^(?:true|false)$/i.test(value)) return true;
  if (types.includes('integer') && Number.isInteger(Number(value))) return true;
  return types.includes('number') && Number.isFinite(Number(value));
}

/**
 * Which of several alternatives a value was meant for: its index if there is one that is of its kind and has its fixed
 * values, `readable` if readers take it for one, else `none`.
 */
export function branchFor(value: unknown, branches: readonly ConfigSchema[]): number | 'none' | 'readable' {
  const fitting = branches.flatMap((branch, index) => (isOfKind(value, branch) ? [index] : []));
  if (fitting.length === 1) return fitting[0]!;
  if (fitting.length === 0 && branches.some(({ type }) => isReadableAs(value, type))) return 'readable';
  return 'none';
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
  // Objects of several forms tell by a key such as `type` which one they have.
  return Object.entries(schema.properties ?? {}).every(([key, { const: fixed, enum: listed, not }]) => {
    const own = (value as Record<string, unknown>)[key];
    if (fixed !== undefined) return own === fixed;
    if ((not as ConfigSchema | undefined)?.enum?.includes(own)) return false;
    return listed === undefined || own === undefined || listed.includes(own);
  });
}

/**
 * The schema itself, and of those among which it lets a value choose the ones that the value can be meant for: those with
 * just this value, or else those of its kind; all of them where none is.
 */
export function meantBy(
  value: unknown,
  schema: ConfigSchema,
  open: readonly ConfigSchema[] = [],
): ConfigSchema[] {
  // One that leads back to itself says nothing more.
  if (open.includes(schema)) return [];
  const chosen = [schema.anyOf ?? [], schema.oneOf ?? []].flatMap(branches => {
    const exact = branches.filter(branch => branch.const !== undefined && branch.const === value);
    const fitting = exact.length > 0 ? exact : branches.filter(branch => isOfKind(value, branch));
    return fitting.length > 0 ? fitting : branches;
  });
  const further = [...(schema.allOf ?? []), ...chosen, referentOf(schema) ?? []].flat();
  return [schema, ...further.flatMap(each => meantBy(value, each, [...open, schema]))];
}
