// Writes many rows of a table at once: only what differs from what is there.
import type { Knex } from 'knex';
import { listTable, rowsOf, type ValueColumns, valuesTable } from './valuesTable';

/** A table whose rows are nothing but these columns; the first one says to whom a row belongs. */
export interface OwnedRows {
  readonly table: string;
  readonly columns: ValueColumns;
}

export type Row = ReadonlyArray<string | number>;

/** Makes `rows` all that the owners have; gives the rows that were added, and those that were removed. */
export async function replaceRows<TRow extends Row>(
  tx: Knex,
  { table, columns }: OwnedRows,
  owners: ReadonlyArray<string | number>,
  rows: readonly TRow[],
): Promise<{ added: TRow[]; obsolete: TRow[] }> {
  if (owners.length === 0) return { added: [], obsolete: [] };
  const names = Object.keys(columns);
  const [owner] = names as [string];
  const given = listTable(tx, 'given', { [owner]: columns[owner]! }, owners);
  const stored = rowsOf<Record<string, string | number>>(
    await tx.raw(`SELECT stored.* FROM ? JOIN ${table} stored ON stored.${owner} = given.${owner}`, [given]),
  );
  const missing = new Map(rows.map(row => [JSON.stringify(row), row]));
  const obsolete = stored
    .map(row => names.map(name => row[name]!) as Row as TRow)
    .filter(row => !missing.delete(JSON.stringify(row)));
  const added = [...missing.values()];
  await addRows(tx, { table, columns }, added);
  await removeRows(tx, { table, columns }, obsolete);
  return { added, obsolete };
}

/** Those that are there stay. */
export async function addRows(tx: Knex, { table, columns }: OwnedRows, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(columns).join(', ');
  await tx.raw(`INSERT INTO ${table} (${names}) SELECT ${names} FROM ? WHERE true ON CONFLICT DO NOTHING`, [
    valuesTable(tx, 'given', columns, rows),
  ]);
}

export async function removeRows(
  tx: Knex,
  { table, columns }: OwnedRows,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(columns).join(', ');
  await tx.raw(`DELETE FROM ${table} WHERE (${names}) IN (SELECT ${names} FROM ?)`, [
    valuesTable(tx, 'given', columns, rows),
  ]);
}
