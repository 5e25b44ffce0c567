// Reads predicates, the JSON form of conditions.
import { InputError } from '@backstage/errors';
import { isObject } from '../jsonShapes';
import type { EntityCondition } from '../query/EntityCondition';

const MAX_DEPTH = 50;

/**
 * Supports `$all`, `$any` and `$not`, and for fields plain values, `$exists`, `$in`, `$hasPrefix`, and `$contains`
 * with a plain value or with the `type` and `targetRef` of a relation. Case-insensitive.
 */
export function readPredicate(predicate: unknown, depth = 0): EntityCondition {
  if (depth > MAX_DEPTH) throw new InputError(`The query is nested deeper than ${MAX_DEPTH} levels`);
  if (!isObject(predicate)) {
    throw new InputError(
      `A query must be an object such as {"kind": "component"}, not ${JSON.stringify(predicate)}`,
    );
  }
  const entries = Object.entries(predicate);
  const all = entries.map(([key, value]): EntityCondition => {
    if (key.startsWith('$') && entries.length > 1)
      throw new InputError(
        `In the query, '${key}' has to be alone in its object; '$all' puts several together`,
      );
    if (key === '$all') return { all: readList(key, value, depth) };
    if (key === '$any') return { any: readList(key, value, depth) };
    if (key === '$not') return { not: readPredicate(value, depth + 1) };
    if (key.startsWith('$')) throw new InputError(`The query has the operator '${key}', which is not known`);
    return readField(key, value);
  });
  return all.length === 1 ? all[0]! : { all };
}

function readList(operator: string, value: unknown, depth: number): EntityCondition[] {
  if (Array.isArray(value)) return value.map(part => readPredicate(part, depth + 1));
  throw new InputError(`In the query, '${operator}' needs a list of queries`);
}

function readField(field: string, value: unknown): EntityCondition {
  const key = field.toLowerCase();
  if (isPlain(value)) return { key, values: [lower(value)] };
  const [first, ...others] = Object.entries(Object(value) as Record<string, unknown>);
  const condition = first && others.length === 0 ? readOperator(key, ...first) : undefined;
  if (condition) return condition;
  throw new InputError(
    `In the query, the field '${field}' can be compared with a plain value or with $exists, $in, $hasPrefix or $contains ` +
      `of plain values, not with ${JSON.stringify(value)}`,
  );
}

/** Undefined for an unknown operator, or an operand that it does not take. */
function readOperator(key: string, operator: string, operand: unknown): EntityCondition | undefined {
  switch (operator) {
    case '$exists':
      if (typeof operand !== 'boolean') return undefined;
      return operand ? { key } : { not: { key } };
    case '$in':
      if (!Array.isArray(operand) || !operand.every(isPlain)) return undefined;
      return { key, values: operand.map(lower) };
    case '$hasPrefix':
      return typeof operand === 'string' ? { key, prefix: operand.toLowerCase() } : undefined;
    case '$contains':
      if (isPlain(operand)) return { key, values: [lower(operand)] };
      return key === 'relations' ? readRelation(operand) : undefined;
    default:
      return undefined;
  }
}

function readRelation(relation: unknown): EntityCondition {
  const { type, targetRef, ...others } = Object(relation) as Record<string, unknown>;
  if (typeof type !== 'string' || Object.keys(others).length > 0) {
    throw new InputError("In the query, 'relations' can contain a 'type', and with it a 'targetRef'");
  }
  const key = `relations.${type.toLowerCase()}`;
  if (targetRef === undefined) return { key };
  return readField(key, targetRef);
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function lower(value: string | number | boolean): string {
  return String(value).toLowerCase();
}
