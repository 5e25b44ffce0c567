// Hands a list of rows to a statement as one parameter.
import type { Knex } from 'knex';

/** The columns of the rows, in their order. */
export type ValueColumns = Readonly<Record<string, 'text' | 'integer'>>;

/**
 * Gives `(SELECT ...) AS name`, to be put where a statement names a table. However many rows there are, the text of the
 * statement stays the same and short, and no limit of parameters is met.
 */
export function valuesTable(
  knex: Knex,
  name: string,
  columns: ValueColumns,
  rows: ReadonlyArray<ReadonlyArray<string | number | null>>,
): Knex.Raw {
  const names = Object.keys(columns);
  if (isPostgres(knex)) {
    const arrays = Object.values(columns).map(type => `?::${type === 'integer' ? 'bigint' : type}[]`);
    const bindings = names.map((_, index) => rows.map(row => row[index] ?? null));
    return knex.raw(
      `(SELECT * FROM unnest(${arrays.join(', ')}) AS given (${names.join(', ')})) AS ${name}`,
      bindings as Knex.RawBinding[],
    );
  }
  const fields = names.map((column, index) => `value ->> ${index} AS ${column}`);
  return knex.raw(`(SELECT ${fields.join(', ')} FROM json_each(?)) AS ${name}`, [JSON.stringify(rows)]);
}

/** Whether statements go to PostgreSQL; otherwise it is SQLite. */
export function isPostgres(knex: Knex): boolean {
  return knex.client.config.client === 'pg';
}

/** The rows that a raw statement returned, whatever the driver. */
export function rowsOf<T>(result: unknown): T[] {
  return Array.isArray(result) ? (result as T[]) : (result as { rows: T[] }).rows;
}
