// Stitches queued entities and updates what is served, many in one transaction.
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';
import { inTransaction } from '../database/inTransaction';
import { columnOf, listTable, rowsOf } from '../database/valuesTable';
import { buildFinalEntity, type StitchInput } from './buildFinalEntity';
import { searchRows } from './searchRows';
import { type WrittenEntity, writeEntities } from './writeEntities';

/** The references of entities that are now served differently. */
export interface Stitched {
  /** The number of entities taken from the queue. */
  readonly taken: number;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Takes up to `limit` entities from the queue. Entities that are queued meanwhile are stitched again afterwards. If
 * this fails or is killed, the queue stays as it was.
 *
 * @param onFull - called as soon as it is known that there may be more than `limit`
 */
export function stitchNext(knex: Knex, limit: number, onFull?: () => void): Promise<Stitched> {
  return inTransaction(knex, async tx => {
    const refs = await takeQueued(tx, limit);
    if (refs.length === limit) onFull?.();
    if (refs.length === 0) return { taken: 0, added: [], changed: [], removed: [] };
    const [inputs, served] = [await readInputs(tx, refs), await readServed(tx, refs)];
    const written: WrittenEntity[] = [];
    const added: string[] = [];
    const changed: string[] = [];
    for (const [ref, input] of inputs) {
      const final = buildFinalEntity(input);
      const before = served.get(ref);
      if (before?.etag === final.etag && before.id === input.id) {
        served.delete(ref);
        continue;
      }
      (before ? changed : added).push(ref);
      const { id, uid } = input;
      written.push({ id, uid, ref, etag: final.etag, json: final.json, search: searchRows(final.entity) });
    }
    const removed = [...served.keys()].filter(ref => !inputs.has(ref));
    const ids = Array.from(served.values(), ({ id }) => id);
    await writeEntities(tx, written, ids, removed);
    if (written.length > 0 || removed.length > 0) {
      // Last, because it is the one row that all instances update.
      await tx.raw('UPDATE catalog_revision SET revision = revision + 1');
    }
    return { taken: refs.length, added, changed, removed };
  });
}

async function takeQueued(tx: Knex, limit: number): Promise<string[]> {
  const next = 'SELECT entity_ref FROM catalog_stitch_queue ORDER BY entity_ref LIMIT ?';
  // An array is evaluated before the deletion is planned; a join would scan the whole queue each time.
  const taken = isPostgres(tx) ? `= ANY (ARRAY(${next} FOR UPDATE SKIP LOCKED))` : `IN (${next})`;
  const result = await tx.raw(
    `DELETE FROM catalog_stitch_queue WHERE entity_ref ${taken} RETURNING entity_ref`,
    [limit],
  );
  return columnOf(result);
}

async function readServed(tx: Knex, refs: readonly string[]) {
  const rows = rowsOf<{ id: number; entity_ref: string; etag: string }>(
    await tx.raw(
      'SELECT e.id, e.entity_ref, e.etag FROM ? JOIN catalog_entities e ON e.entity_ref = asked.ref',
      [listTable(tx, 'asked', { ref: 'text' }, refs)],
    ),
  );
  return new Map(rows.map(row => [row.entity_ref, row]));
}

interface StateRow {
  id: number;
  uid: string;
  entity_ref: string;
  processed: string;
  errors: string | null;
  parents: number;
}

/** Only includes entities that have been processed successfully at least once. */
async function readInputs(tx: Knex, refs: readonly string[]): Promise<Map<string, StitchInput>> {
  const states = rowsOf<StateRow>(
    await tx.raw(
      `SELECT s.id, s.uid, s.entity_ref, s.processed, s.errors,
         (SELECT count(*) FROM (SELECT 1 FROM catalog_references r WHERE r.target_ref = s.entity_ref LIMIT 1) AS one) AS parents
       FROM ? JOIN catalog_refresh_state s ON s.entity_ref = asked.ref WHERE s.processed IS NOT NULL`,
      [listTable(tx, 'asked', { ref: 'text' }, refs)],
    ),
  );
  const relations = rowsOf<{ source_ref: string; type: string; target_ref: string }>(
    await tx.raw(
      `SELECT DISTINCT r.source_ref, r.type, r.target_ref
       FROM ? JOIN catalog_relations r ON r.source_ref = asked.ref ORDER BY r.source_ref, r.type, r.target_ref`,
      [listTable(tx, 'asked', { ref: 'text' }, refs)],
    ),
  );
  const inputs = new Map<string, StitchInput>();
  for (const { id, uid, entity_ref, processed, errors, parents } of states) {
    inputs.set(entity_ref, { id, uid, processed, errors, orphan: Number(parents) === 0, relations: [] });
  }
  for (const { source_ref, type, target_ref } of relations) {
    inputs.get(source_ref)?.relations.push({ type, targetRef: target_ref });
  }
  return inputs;
}
