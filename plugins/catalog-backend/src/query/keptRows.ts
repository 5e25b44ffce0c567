// What rows of a page are made into, and take, to be kept in memory.
import { toBytes } from './EntityText';
import type { PageRow } from './PageQuery';

/** The rows with their entities as bytes. */
export function withBytes(rows: readonly PageRow[]): PageRow[] {
  return rows.map(row => ({ ...row, entity: toBytes(row.entity) }));
}

/** About how much memory the rows take. */
export function bytesOfRows(rows: readonly PageRow[]): number {
  return rows.reduce((sum, { entity, values }) => sum + entity.length + 200 + 100 * values.length, 0);
}
