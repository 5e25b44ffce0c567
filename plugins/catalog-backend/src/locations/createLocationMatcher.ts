// Applies the query of a request to registered locations in memory, because there are few.
import { InputError } from '@backstage/errors';
import { type EntityCondition, partsOf } from '../query/EntityCondition';
import { meetsCondition } from '../query/meetsCondition';
import type { StoredLocation } from './LocationStore';

/** Whether a location matches the query. */
export type LocationMatcher = (location: StoredLocation) => boolean;

const FIELDS = ['id', 'type', 'target', 'entityRef'] as const;
const KEYS = new Set(FIELDS.map(field => field.toLowerCase()));

/** @throws an `InputError` if the query has a field that locations do not have, even if no location is registered */
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
