// Applies the query of a request to registered locations, of which there are few.
import { InputError } from '@backstage/errors';
import type { StoredLocation } from './LocationStore';

const FIELDS = ['id', 'type', 'target', 'entityRef'] as const;

/** Understands what is understood for entities; case does not matter. */
export function matchLocation(query: unknown, location: StoredLocation): boolean {
  if (query === undefined) return true;
  if (typeof query !== 'object' || query === null || Array.isArray(query)) {
    throw new InputError('A query must be an object such as {"type": "url"}');
  }
  return Object.entries(query).every(([key, value]) => {
    if (key === '$all') return asList(key, value).every(part => matchLocation(part, location));
    if (key === '$any') return asList(key, value).some(part => matchLocation(part, location));
    if (key === '$not') return !matchLocation(value, location);
    const field = FIELDS.find(name => name.toLowerCase() === key.toLowerCase());
    if (key.startsWith('$')) throw new InputError(`The query has the operator '${key}', which is not known`);
    return matchValue(key, value, field && location[field].toLowerCase());
  });
}

function asList(operator: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new InputError(`In the query, '${operator}' needs a list of queries`);
}

function matchValue(field: string, wanted: unknown, actual: string | undefined): boolean {
  if (typeof wanted !== 'object' || wanted === null) return actual === String(wanted).toLowerCase();
  const [[operator, operand] = []] = Object.entries(wanted);
  if (operator === '$exists') return (actual !== undefined) === operand;
  if (operator === '$in' && Array.isArray(operand))
    return operand.some(item => matchValue(field, item, actual));
  if (operator === '$hasPrefix') return actual?.startsWith(String(operand).toLowerCase()) ?? false;
  throw new InputError(`In the query, the field '${field}' can't be compared with ${JSON.stringify(wanted)}`);
}
