// Updates many rows of a table at once, writing only the differences.
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';
import { batches } from './batches';
import { listTable, rowsOf, type ValueColumns, valuesTable } from './valuesTable';

/** A table that consists of these columns only. The first column is the owner of the row. */
export interface OwnedRows {
  readonly table: string;
  readonly columns: ValueColumns;
  /** The columns that identify a row. Defaults to all. */
  readonly key?: readonly string[];
  /** Whether a single owner may have nearly all of the rows. */
  readonly isUneven?: boolean;
}

export type Row = ReadonlyArray<string | number | null>;

/** Larger batches would take more memory than they save time. */
const BATCH = 5_000;

/**
 * Replaces all rows of `owners` with `rows`. Owners in `rows` that are not in `owners` must have no rows yet. Returns
 * the rows that were added and those that were removed.
 */
export async function replaceRows<TRow extends Row>(
  tx: Knex,
  rowsOfTable: OwnedRows,
  owners: ReadonlyArray<string | number>,
  rows: readonly TRow[],
): Promise<{ added: TRow[]; obsolete: TRow[] }> {
  const stored = await readRows(tx, rowsOfTable, owners);
  const known = new Set<Row[number]>(owners);
  const fresh: TRow[] = [];
  const missing = new Map<string, TRow>();
  for (const row of rows) {
    if (known.has(row[0]!)) missing.set(JSON.stringify(row), row);
    else fresh.push(row);
  }
  const obsolete = stored.filter(row => !missing.delete(JSON.stringify(row))) as TRow[];
  const added = [...missing.values(), ...fresh];
  // Removed first, because a changed row may have the same key as its predecessor.
  await removeRows(tx, rowsOfTable, obsolete);
  await addRows(tx, rowsOfTable, added);
  return { added, obsolete };
}

async function readRows(
  tx: Knex,
  { table, columns, isUneven }: OwnedRows,
  owners: ReadonlyArray<string | number>,
): Promise<Row[]> {
  if (owners.length === 0) return [];
  const names = Object.keys(columns);
  const [owner] = names as [string];
  const stored = rowsOf<Record<string, string | number | null>>(
    isUneven && isPostgres(tx)
      ? // In a join PostgreSQL can't tell which owners are meant, assumes the one with many rows, and scans the whole table.
        await tx.raw(`SELECT * FROM ${table} WHERE ${owner} = ANY (?)`, [owners as string[]])
      : await tx.raw(`SELECT stored.* FROM ? JOIN ${table} stored ON stored.${owner} = given.${owner}`, [
          listTable(tx, 'given', { [owner]: columns[owner]! }, owners),
        ]),
  );
  return stored.map(row => names.map(name => row[name] ?? null));
}

/** Removes all rows of these owners. */
export async function removeRowsOf(
  tx: Knex,
  { table, columns }: OwnedRows,
  owners: ReadonlyArray<string | number>,
): Promise<void> {
  if (owners.length === 0) return;
  const [owner] = Object.keys(columns) as [string];
  const gone = listTable(tx, 'gone', { [owner]: columns[owner]! }, owners);
  await tx.raw(`DELETE FROM ${table} WHERE ${owner} IN (SELECT ${owner} FROM ?)`, [gone]);
}

/** Rows that already exist are left alone. */
export async function addRows(tx: Knex, { table, columns }: OwnedRows, rows: readonly Row[]): Promise<void> {
  const names = Object.keys(columns).join(', ');
  for (const batch of batches(rows, BATCH)) {
    await tx.raw(`INSERT INTO ${table} (${names}) SELECT ${names} FROM ? WHERE true ON CONFLICT DO NOTHING`, [
      valuesTable(tx, 'given', columns, batch),
    ]);
  }
}

export async function removeRows(
  tx: Knex,
  { table, columns, key = Object.keys(columns) }: OwnedRows,
  rows: readonly Row[],
): Promise<void> {
  const names = key.join(', ');
  for (const batch of batches(rows, BATCH)) {
    await tx.raw(`DELETE FROM ${table} WHERE (${names}) IN (SELECT ${names} FROM ?)`, [
      valuesTable(tx, 'given', columns, batch),
    ]);
  }
}
