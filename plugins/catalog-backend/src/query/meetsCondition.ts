// Judges conditions without the database, as that judges by the rows by which an entity is found.
import type { EntityCondition } from './EntityCondition';

/** Values by field, both in lower case; none where a field is there without a value to compare with. */
export type FieldValues = ReadonlyMap<string, readonly string[]>;

/** Whether what has these fields meets the condition. */
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
