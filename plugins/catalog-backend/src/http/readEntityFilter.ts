// Reads the query parameter `filter`.
import { InputError } from '@backstage/errors';
import type { EntityFilter, EntityFilterCondition } from '../database/EntityFilter';
import { readStrings } from './queryParameters';

/**
 * `filter=a=1,b=2` asks for both, `filter=a=1,a=2` for either, `filter=a` for the field to be there, and of several
 * `filter` parameters one has to match. Case does not matter.
 */
export function readEntityFilter(query: Record<string, unknown>): EntityFilter | undefined {
  const filter = readStrings(query, 'filter').map(readConditions);
  const sets = filter.filter(conditions => conditions.length > 0);
  return sets.length > 0 ? sets : undefined;
}

function readConditions(text: string): EntityFilterCondition[] {
  const valuesByKey = new Map<string, string[] | undefined>();
  for (const part of text.split(',')) {
    if (!part.trim()) continue;
    const equals = part.indexOf('=');
    const key = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (!key) throw new InputError(`The filter '${text}' has a value without a field, in '${part}'`);
    if (equals < 0) {
      if (!valuesByKey.has(key)) valuesByKey.set(key, undefined);
      continue;
    }
    const values = valuesByKey.get(key) ?? [];
    values.push(
      part
        .slice(equals + 1)
        .trim()
        .toLowerCase(),
    );
    valuesByKey.set(key, values);
  }
  return [...valuesByKey].map(([key, values]) => (values ? { key, values } : { key }));
}
