// Passes a list of rows to a statement as a table, with one parameter per column or fewer.
import { toUSVString } from 'node:util';
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';

type Value = string | number | null;

/** The columns of the rows, in order. */
export type ValueColumns<TName extends string = string> = Readonly<Record<TName, 'text' | 'integer'>>;

/**
 * Returns `(SELECT ...) AS name`, to be used like a table. The text of the statement stays the same and short however
 * many rows there are, and no limit on parameters is reached.
 */
export function valuesTable(
  knex: Knex,
  name: string,
  columns: ValueColumns,
  rows: ReadonlyArray<readonly Value[]>,
): Knex.Raw {
  const names = Object.keys(columns);
  if (isPostgres(knex)) {
    const lists = Object.values(columns).map((type, index) =>
      listOf(
        type,
        rows.map(row => row[index] ?? null),
        index === 0,
      ),
    );
    return knex.raw(
      `(SELECT * FROM ROWS FROM (${lists.map(({ sql }) => sql).join(', ')}) AS given (${names.join(', ')})) AS ${name}`,
      lists.map(({ binding }) => binding) as Knex.RawBinding[],
    );
  }
  const fields = names.map((column, index) => `value ->> ${index} AS ${column}`);
  return knex.raw(`(SELECT ${fields.join(', ')} FROM json_each(?)) AS ${name}`, [toJson(rows)]);
}

/** The same for a single column. */
export function listTable(
  knex: Knex,
  name: string,
  column: ValueColumns,
  values: ReadonlyArray<string | number>,
): Knex.Raw {
  const rows = values.map(value => [value]);
  return valuesTable(knex, name, column, rows);
}

/** The same for objects, with a property for each column. */
export function recordsTable<TName extends string>(
  knex: Knex,
  name: string,
  columns: ValueColumns<TName>,
  records: ReadonlyArray<Readonly<Record<NoInfer<TName>, Value>>>,
): Knex.Raw {
  const properties = Object.keys(columns) as TName[];
  const rows = records.map(record => properties.map(property => record[property]));
  return valuesTable(knex, name, columns, rows);
}

/**
 * A single column for PostgreSQL. Its planner knows the length of an array, and one such column is enough. The text
 * of other columns is passed as JSON: the driver took several times as long to write a thousand documents as an
 * array, because it escapes every quote in them.
 */
function listOf(type: 'text' | 'integer', values: readonly Value[], isFirst: boolean) {
  if (type === 'integer') {
    return { sql: 'unnest(?::bigint[])', binding: `{${values.map(value => value ?? 'NULL').join()}}` };
  }
  if (isFirst) return { sql: 'unnest(?::text[])', binding: values };
  return { sql: 'json_array_elements_text(?::json)', binding: toJson(values) };
}

/** Turns half of a surrogate pair into U+FFFD: PostgreSQL rejects it in JSON, and SQLite would not find it again. */
function toJson(values: readonly unknown[]): string {
  const json = JSON.stringify(values);
  if (!/\\ud[89a-f]/.test(json)) return json;
  return JSON.stringify(values, (_, value: unknown) =>
    typeof value === 'string' ? toUSVString(value) : value,
  );
}

/** The values of a raw statement that returns a single column of text. */
export function columnOf(result: unknown): string[] {
  return rowsOf<Record<string, string>>(result).map(row => Object.values(row)[0]!);
}

/** The rows returned by a raw statement, whatever the driver. */
export function rowsOf<T>(result: unknown): T[] {
  return Array.isArray(result) ? (result as T[]) : (result as { rows: T[] }).rows;
}
