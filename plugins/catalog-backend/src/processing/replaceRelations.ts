// Makes the stored relations of processed entities equal to what processing gave.
import type { Knex } from 'knex';
import { rowsOf, valuesTable } from '../database/valuesTable';

/** A relation by references. */
export interface StoredRelation {
  readonly sourceRef: string;
  readonly type: string;
  readonly targetRef: string;
}

interface RelationRow {
  origin_id: number;
  source_ref: string;
  type: string;
  target_ref: string;
}

/** Gives the references of the entities whose relations are other ones now. */
export async function replaceRelations(
  tx: Knex,
  entities: ReadonlyArray<{ readonly id: number; readonly relations: readonly StoredRelation[] }>,
): Promise<string[]> {
  const ids = entities.map(({ id }) => [id]);
  const stored = rowsOf<RelationRow>(
    await tx.raw('SELECT r.* FROM ? JOIN catalog_relations r ON r.origin_id = given.id', [
      valuesTable(tx, 'given', { id: 'integer' }, ids),
    ]),
  );
  const missing = new Map<string, [number, string, string, string]>();
  for (const { id, relations } of entities) {
    for (const { sourceRef, type, targetRef } of relations) {
      missing.set(JSON.stringify([id, sourceRef, type, targetRef]), [id, sourceRef, type, targetRef]);
    }
  }
  const obsolete: Array<[number, string, string, string]> = [];
  for (const { origin_id, source_ref, type, target_ref } of stored) {
    const row: [number, string, string, string] = [origin_id, source_ref, type, target_ref];
    if (!missing.delete(JSON.stringify(row))) obsolete.push(row);
  }
  const added = [...missing.values()];
  const columns = { origin_id: 'integer', source_ref: 'text', type: 'text', target_ref: 'text' } as const;
  const names = Object.keys(columns).join(', ');
  if (added.length > 0) {
    await tx.raw(
      `INSERT INTO catalog_relations (${names}) SELECT ${names} FROM ? WHERE true ON CONFLICT DO NOTHING`,
      [valuesTable(tx, 'given', columns, added)],
    );
  }
  if (obsolete.length > 0) {
    await tx.raw(`DELETE FROM catalog_relations WHERE (${names}) IN (SELECT ${names} FROM ?)`, [
      valuesTable(tx, 'given', columns, obsolete),
    ]);
  }
  return [...added, ...obsolete].map(([, sourceRef]) => sourceRef);
}
