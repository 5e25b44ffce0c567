// Applies the query of a request to registered locations, of which there are few.
import { InputError } from '@backstage/errors';
import { type EntityCondition, partsOf } from '../query/EntityCondition';
import { meetsCondition } from '../query/meetsCondition';
import type { StoredLocation } from './LocationStore';

/** Tells whether a location is among those that a query asks for. */
export type LocationMatcher = (location: StoredLocation) => boolean;

const FIELDS = ['id', 'type', 'target', 'entityRef'] as const;
const KEYS = new Set(FIELDS.map(field => field.toLowerCase()));

/** @throws an `InputError` for a field that locations do not have, whatever is registered */
export function createLocationMatcher(condition: EntityCondition): LocationMatcher {
  const unknown = partsOf(condition)
    .flatMap(part => ('key' in part ? [part.key] : part.fields))
    .find(key => !KEYS.has(key));
  if (unknown !== undefined)
    throw new InputError(`Locations have no field '${unknown}' to query: they have ${FIELDS.join(', ')}`);
  return location =>
    meetsCondition(
      new Map(FIELDS.map(field => [field.toLowerCase(), [location[field].toLowerCase()]])),
      condition,
    );
}
