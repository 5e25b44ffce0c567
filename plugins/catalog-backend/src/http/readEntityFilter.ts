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
    const value = part.slice(equals + 1).trim();
    values.push(value.toLowerCase());
    valuesByKey.set(key, values);
  }
  return [...valuesByKey].map(([key, values]) => (values ? { key, values } : { key }));
}
