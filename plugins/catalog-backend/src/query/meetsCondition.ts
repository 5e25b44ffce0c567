// Evaluates conditions in memory, with the same results as the database.
import type { EntityCondition } from './EntityCondition';

/** Values by field, both in lower case. Empty if the field exists but has no value to compare with. */
export type FieldValues = ReadonlyMap<string, readonly string[]>;

/** Whether an entity with these fields meets the condition. */
export function meetsCondition(fields: FieldValues, condition: EntityCondition): boolean {
  if ('all' in condition) return condition.all.every(part => meetsCondition(fields, part));
  if ('any' in condition) return condition.any.some(part => meetsCondition(fields, part));
  if ('not' in condition) return !meetsCondition(fields, condition.not);
  if ('text' in condition)
    return condition.fields.some(field => fields.get(field)?.some(value => value.includes(condition.text)));
  const { key, values, prefix } = condition;
  const own = fields.get(key);
  if (own === undefined) return false;
  if (prefix !== undefined) return own.some(value => value.startsWith(prefix));
  return values === undefined || own.some(value => values.includes(value));
}
