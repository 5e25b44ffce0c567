// Validates conditions: those that a policy decides by, and those of a request to apply them.
import { InputError } from '@backstage/errors';
import { isObject } from '../../isObject';

/** One condition: a rule with its parameters. */
export interface Condition {
  resourceType: string;
  rule: string;
  params?: unknown;
}

/** Conditions, combined by and, or and not. */
export type Criteria = { allOf: Criteria[] } | { anyOf: Criteria[] } | { not: Criteria } | Condition;

/** Far deeper than any policy needs, and far from overflowing the stack. */
const deepest = 100;

/** Returns the conditions at `where`. Throws `InputError` that names the first invalid field. */
export function readCriteria(value: unknown, where: string, depth = 1): Criteria {
  if (depth > deepest) {
    throw new InputError(`Conditions are nested more than ${deepest} levels deep`);
  }
  if (!isObject(value)) {
    throw new InputError(`${where} must be an object`);
  }
  if ('allOf' in value) {
    return { allOf: readList(value.allOf, `${where}.allOf`, depth) };
  }
  if ('anyOf' in value) {
    return { anyOf: readList(value.anyOf, `${where}.anyOf`, depth) };
  }
  if ('not' in value) {
    return { not: readCriteria(value.not, `${where}.not`, depth + 1) };
  }
  const { resourceType, rule, params } = value;
  if (params !== undefined && !isObject(params)) {
    throw new InputError(`${where}.params must be an object`);
  }
  return {
    resourceType: asString(resourceType, `${where}.resourceType`),
    rule: asString(rule, `${where}.rule`),
    params,
  };
}

// An empty list would allow everything or nothing by accident.
function readList(value: unknown, where: string, depth: number): Criteria[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new InputError(`${where} must be a list that is not empty`);
  }
  return value.map((one, index) => readCriteria(one, `${where}[${index}]`, depth + 1));
}

/** Returns the string at `where`. Throws `InputError` for anything else. */
export function asString(value: unknown, where: string): string {
  if (typeof value !== 'string') {
    throw new InputError(`${where} must be a string`);
  }
  return value;
}
