// Words conditions in SQL.
import type { Knex } from 'knex';
import { isPostgres } from '../database/valuesTable';
import { lookupsOf, type EntityCondition, type FieldCondition } from './EntityCondition';

/** A part of a statement, with what stands for its question marks. */
export interface SqlPart {
  readonly sql: string;
  readonly bindings: readonly string[];
}

/** PostgreSQL and SQLite each have one of them. */
export type TextSearchFunction = 'strpos' | 'instr';

export function textSearchFunction(knex: Knex): TextSearchFunction {
  return isPostgres(knex) ? 'strpos' : 'instr';
}

/** More than this is not looked up for each entity. */
const FEW_LOOKUPS = 8;

/**
 * Whether everything is to be looked up once, and not for each entity: that takes the product of both, and PostgreSQL compiles
 * a statement that looks so dear, for seconds.
 */
export function isLong(condition: EntityCondition | undefined): boolean {
  return condition !== undefined && lookupsOf(condition) > FEW_LOOKUPS;
}

/** A boolean expression about the entity whose id is `id`, such as `e.id`; `long` is whether the whole of it is. */
export function conditionSql(
  condition: EntityCondition,
  id: string,
  contains: TextSearchFunction,
  long = isLong(condition),
): SqlPart {
  const word = (part: EntityCondition) => conditionSql(part, id, contains, long);
  if ('all' in condition) return allSql(condition.all.map(word));
  if ('any' in condition) return anySql(condition.any.map(word));
  if ('not' in condition) {
    const { sql, bindings } = word(condition.not);
    return { sql: `NOT ${sql}`, bindings };
  }
  // Said to be a mere truth, it becomes no join: of some hundred joins PostgreSQL finds no order within minutes.
  const asTruth = long ? ' IS TRUE' : '';
  if ('text' in condition) {
    const { text, fields } = condition;
    const where = `key IN (${marks(fields)}) AND ${contains}(value, ?) > 0`;
    return {
      sql: `${id} IN (SELECT entity_id FROM catalog_search WHERE ${where})${asTruth}`,
      bindings: [...fields, text],
    };
  }
  const { sql, bindings } = fieldSql(condition, 's');
  if (long)
    return { sql: `${id} IN (SELECT s.entity_id FROM catalog_search s WHERE ${sql})${asTruth}`, bindings };
  return { sql: `EXISTS (SELECT 1 FROM catalog_search s WHERE ${sql} AND s.entity_id = ${id})`, bindings };
}

/** A boolean expression about the row `row` of the search table. */
export function fieldSql({ key, values, prefix }: FieldCondition, row: string): SqlPart {
  if (prefix !== undefined) {
    const range = `${row}.value >= ? AND ${row}.value < ? AND ${row}.original IS NOT NULL`;
    return { sql: `${row}.key = ? AND ${range}`, bindings: [key, prefix, `${prefix}\u{10FFFF}`] };
  }
  if (values === undefined) return { sql: `${row}.key = ?`, bindings: [key] };
  if (values.length === 0) return { sql: 'FALSE', bindings: [] };
  const matches = values.length === 1 ? '= ?' : `IN (${marks(values)})`;
  return {
    sql: `${row}.key = ? AND ${row}.value ${matches} AND ${row}.original IS NOT NULL`,
    bindings: [key, ...values],
  };
}

/** All of the parts together, of which there may be none. */
export function allSql(parts: readonly SqlPart[]): SqlPart {
  return join(parts, ' AND ', 'TRUE');
}

/** Any of the parts. */
export function anySql(parts: readonly SqlPart[]): SqlPart {
  return join(parts, ' OR ', 'FALSE');
}

function join(parts: readonly SqlPart[], operator: string, empty: string): SqlPart {
  if (parts.length === 0) return { sql: empty, bindings: [] };
  return {
    sql: `(${parts.map(({ sql }) => sql).join(operator)})`,
    bindings: parts.flatMap(({ bindings }) => bindings),
  };
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
