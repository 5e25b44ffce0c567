// Applies the query of a request to registered locations, of which there are few.
import { InputError } from '@backstage/errors';
import { isObject } from '../jsonShapes';
import type { StoredLocation } from './LocationStore';

/** Tells whether a location is among those that a query asks for. */
export type LocationMatcher = (location: StoredLocation) => boolean;

const FIELDS = ['id', 'type', 'target', 'entityRef'] as const;

/** Understands what is understood for entities; case does not matter. @throws an `InputError`, whatever is registered */
export function createLocationMatcher(query: unknown): LocationMatcher {
  if (query === undefined) return () => true;
  if (!isObject(query)) throw new InputError('A query must be an object such as {"type": "url"}');
  const entries = Object.entries(query);
  const operator = entries.find(([key]) => key.startsWith('$'))?.[0];
  if (operator && entries.length > 1)
    throw new InputError(
      `In the query, '${operator}' has to be alone in its object; '$all' puts several together`,
    );
  const parts = entries.map(([key, value]) => createPart(key, value));
  return location => parts.every(matches => matches(location));
}

function createPart(key: string, value: unknown): LocationMatcher {
  if (key === '$all' || key === '$any') {
    if (!Array.isArray(value)) throw new InputError(`In the query, '${key}' needs a list of queries`);
    const parts = value.map(createLocationMatcher);
    return key === '$all'
      ? location => parts.every(matches => matches(location))
      : location => parts.some(matches => matches(location));
  }
  if (key === '$not') {
    const matches = createLocationMatcher(value);
    return location => !matches(location);
  }
  if (key.startsWith('$')) throw new InputError(`The query has the operator '${key}', which is not known`);
  const field = FIELDS.find(name => name.toLowerCase() === key.toLowerCase());
  if (!field)
    throw new InputError(`Locations have no field '${key}' to query: they have ${FIELDS.join(', ')}`);
  const matches = createValueMatcher(field, value);
  return location => matches(location[field].toLowerCase());
}

function createValueMatcher(field: string, wanted: unknown): (actual: string) => boolean {
  if (typeof wanted !== 'object' || wanted === null) {
    const value = String(wanted).toLowerCase();
    return actual => actual === value;
  }
  const [[operator, operand] = []] = Object.entries(wanted);
  if (operator === '$exists') return () => operand === true;
  if (operator === '$in' && Array.isArray(operand)) {
    const alternatives = operand.map(item => createValueMatcher(field, item));
    return actual => alternatives.some(matches => matches(actual));
  }
  if (operator === '$hasPrefix') {
    const prefix = String(operand).toLowerCase();
    return actual => actual.startsWith(prefix);
  }
  throw new InputError(`In the query, the field '${field}' can't be compared with ${JSON.stringify(wanted)}`);
}
