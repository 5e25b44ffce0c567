// Conditions on entities, as plain data.
import type { EntitiesSearchFilter } from '@greenroom/plugin-catalog-node';

/** Requires a field to exist or, if given, to have one of `values`, or a value with `prefix`. In lower case. */
export interface FieldCondition {
  readonly key: string;
  readonly values?: readonly string[];
  readonly prefix?: string;
}

/** Requires one of the fields to contain the text, in lower case. */
export interface TextCondition {
  readonly text: string;
  readonly fields: readonly string[];
}

/** Combined conditions. An empty `all` matches everything, an empty `any` nothing. */
export type EntityCondition =
  | { readonly all: readonly EntityCondition[] }
  | { readonly any: readonly EntityCondition[] }
  | { readonly not: EntityCondition }
  | FieldCondition
  | TextCondition;

/** The condition for a filter, converted to lower case. */
export function toFieldCondition({ key, values }: EntitiesSearchFilter): FieldCondition {
  return { key: key.toLowerCase(), ...(values && { values: values.map(value => value.toLowerCase()) }) };
}

/** Requires all of the conditions. Undefined ones match everything. */
export function allOf(conditions: ReadonlyArray<EntityCondition | undefined>): EntityCondition | undefined {
  const given = conditions.flatMap(requirementsOf);
  if (given.length === 0) return undefined;
  return given.length === 1 ? given[0] : { all: given };
}

/** The conditions that all have to be met; none for `undefined`. */
export function requirementsOf(condition: EntityCondition | undefined): readonly EntityCondition[] {
  if (condition === undefined) return [];
  return 'all' in condition ? condition.all : [condition];
}

/** The conditions on fields that a condition consists of. */
export function partsOf(condition: EntityCondition): ReadonlyArray<FieldCondition | TextCondition> {
  if ('all' in condition) return condition.all.flatMap(partsOf);
  if ('any' in condition) return condition.any.flatMap(partsOf);
  return 'not' in condition ? partsOf(condition.not) : [condition];
}

/** The number of index lookups that a condition takes: one per field and value. */
export function lookupsOf(condition: EntityCondition): number {
  return partsOf(condition).reduce(
    (sum, part) => sum + ('text' in part ? part.fields.length : (part.values?.length ?? 1)),
    0,
  );
}
