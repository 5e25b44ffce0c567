// Translates conditions to SQL.
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';
import { lookupsOf, type EntityCondition, type FieldCondition } from './EntityCondition';

/** A fragment of SQL with the bindings of its placeholders. */
export interface SqlPart {
  readonly sql: string;
  readonly bindings: ReadonlyArray<string | Knex.Raw>;
}

/** The name of the function in PostgreSQL and SQLite, respectively. */
export type TextSearchFunction = 'strpos' | 'instr';

export function textSearchFunction(knex: Knex): TextSearchFunction {
  return isPostgres(knex) ? 'strpos' : 'instr';
}

/** More lookups than this are not repeated for each entity. */
const FEW_LOOKUPS = 8;

/**
 * Whether all lookups should be done once instead of for each entity. Per entity the cost would be the product of
 * both, and PostgreSQL would spend seconds compiling a statement that it estimates to be so expensive.
 */
export function isLong(condition: EntityCondition | undefined): boolean {
  return condition !== undefined && lookupsOf(condition) > FEW_LOOKUPS;
}

/** A boolean expression about the entity with the id expression `id`, e.g. `e.id`. `long` is about the whole condition. */
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
  // `IS TRUE` keeps PostgreSQL from planning it as a join: for some hundred joins it finds no order within minutes.
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
  // SQLite would look through all values with the prefix for each entity.
  if (long || condition.prefix !== undefined)
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

/** All parts combined with AND; TRUE if there are none. */
export function allSql(parts: readonly SqlPart[]): SqlPart {
  return join(parts, ' AND ', 'TRUE');
}

/** All parts combined with OR; FALSE if there are none. */
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
