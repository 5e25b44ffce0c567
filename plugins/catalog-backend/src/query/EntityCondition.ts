// A condition on entities as data.
import type { EntitiesSearchFilter } from '@greenroom/plugin-catalog-node';

/** A field that must be there or, with `values`, have one of them, or one that begins with `prefix`. In lower case. */
export interface FieldCondition {
  readonly key: string;
  readonly values?: readonly string[];
  readonly prefix?: string;
}

/** Any of several fields contains the text, in lower case. */
export interface TextCondition {
  readonly text: string;
  readonly fields: readonly string[];
}

/** Conditions put together; an empty `all` is met by everything, an empty `any` by nothing. */
export type EntityCondition =
  | { readonly all: readonly EntityCondition[] }
  | { readonly any: readonly EntityCondition[] }
  | { readonly not: EntityCondition }
  | FieldCondition
  | TextCondition;

/** The condition of a filter in any case. */
export function toFieldCondition({ key, values }: EntitiesSearchFilter): FieldCondition {
  return { key: key.toLowerCase(), ...(values && { values: values.map(value => value.toLowerCase()) }) };
}

/** Puts together what has to be met at the same time; absent conditions are met. */
export function allOf(conditions: ReadonlyArray<EntityCondition | undefined>): EntityCondition | undefined {
  const given = conditions
    .filter(condition => condition !== undefined)
    .flatMap(condition => ('all' in condition ? condition.all : [condition]));
  if (given.length === 0) return undefined;
  return given.length === 1 ? given[0] : { all: given };
}

/** The conditions on fields that a condition is put together from. */
export function partsOf(condition: EntityCondition): ReadonlyArray<FieldCondition | TextCondition> {
  if ('all' in condition) return condition.all.flatMap(partsOf);
  if ('any' in condition) return condition.any.flatMap(partsOf);
  return 'not' in condition ? partsOf(condition.not) : [condition];
}

/** How much there is to look up: each field, and each of several values. */
export function lookupsOf(condition: EntityCondition): number {
  return partsOf(condition).reduce(
    (sum, part) => sum + ('text' in part ? part.fields.length : (part.values?.length ?? 1)),
    0,
  );
}
