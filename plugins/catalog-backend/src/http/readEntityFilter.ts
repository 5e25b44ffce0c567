// Reads the query parameter `filter`.
import { InputError } from '@backstage/errors';
import { allOf, type EntityCondition, type FieldCondition } from '../query/EntityCondition';
import { readStrings } from './queryParameters';

/**
 * `filter=a=1,b=2` requires both, `filter=a=1,a=2` either, and `filter=a` requires the field to exist. If there are
 * several `filter` parameters, one of them has to match. Case-insensitive.
 */
export function readEntityFilter(query: Record<string, unknown>): EntityCondition | undefined {
  const sets = readStrings(query, 'filter')
    .map(text => allOf(readConditions(text)))
    .filter(condition => condition !== undefined);
  if (sets.length === 0) return undefined;
  return sets.length === 1 ? sets[0] : { any: sets };
}

function readConditions(text: string): FieldCondition[] {
  const valuesByKey = new Map<string, string[]>();
  for (const part of text.split(',')) {
    if (!part.trim()) continue;
    const equals = part.indexOf('=');
    const sides = equals < 0 ? [part] : [part.slice(0, equals), part.slice(equals + 1)];
    const [key, value] = sides.map(side => side.trim().toLowerCase());
    if (!key) throw new InputError(`The filter '${text}' has a value without a field, in '${part}'`);
    const values = valuesByKey.get(key) ?? [];
    if (value !== undefined) values.push(value);
    valuesByKey.set(key, values);
  }
  return [...valuesByKey].map(([key, values]) => (values.length > 0 ? { key, values } : { key }));
}
