// Removes entities without references, and everything that only they led to.
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';
import { columnOf, listTable } from '../database/valuesTable';
import { queueStitch } from '../stitching/queueStitch';

/**
 * Removes those of the entities that no source supplies, then continues with the entities that they supplied. Queues
 * all entities with relations from a removed one for stitching, as well as the removed ones themselves, which are
 * then no longer served.
 */
export async function removeUnreferenced(tx: Knex, candidates: readonly string[]): Promise<void> {
  let level = [...new Set(candidates)];
  while (level.length > 0) {
    await keepFromReferences(tx, level);
    const gone = await findUnreferenced(tx, level);
    if (gone.length === 0) return;
    level = await removeEntities(tx, gone);
  }
}

/** Removes these entities regardless of references to them. Returns what they led to. */
export async function removeEntities(tx: Knex, refs: readonly string[]): Promise<string[]> {
  const gone = listTable(tx, 'gone', { ref: 'text' }, refs);
  const related = columnOf(
    await tx.raw(
      `SELECT DISTINCT r.source_ref AS ref FROM catalog_relations r
       WHERE r.origin_id IN (SELECT s.id FROM ? JOIN catalog_refresh_state s ON s.entity_ref = gone.ref)`,
      [gone],
    ),
  );
  const children = columnOf(
    await tx.raw(
      "SELECT DISTINCT r.target_ref FROM ? JOIN catalog_references r ON r.source = 'entity:' || gone.ref",
      [gone],
    ),
  );
  const ids = 'SELECT s.id FROM ? JOIN catalog_refresh_state s ON s.entity_ref = gone.ref';
  await tx.raw(`DELETE FROM catalog_relations WHERE origin_id IN (${ids})`, [gone]);
  await tx.raw(`DELETE FROM catalog_refresh_keys WHERE entity_id IN (${ids})`, [gone]);
  await tx.raw("DELETE FROM catalog_references WHERE source IN (SELECT 'entity:' || ref FROM ?)", [gone]);
  await tx.raw('DELETE FROM catalog_references WHERE target_ref IN (SELECT ref FROM ?)', [gone]);
  await tx.raw('DELETE FROM catalog_refresh_state WHERE entity_ref IN (SELECT ref FROM ?)', [gone]);
  await queueStitch(tx, [...refs, ...related]);
  return children;
}

/** Waits for transactions that add references to one of these, and blocks new ones. */
async function keepFromReferences(tx: Knex, refs: readonly string[]): Promise<void> {
  if (!isPostgres(tx)) return;
  const asked = listTable(tx, 'asked', { ref: 'text' }, refs);
  await tx.raw(
    `SELECT s.entity_ref FROM ? JOIN catalog_refresh_state s ON s.entity_ref = asked.ref
     ORDER BY s.entity_ref FOR UPDATE OF s`,
    [asked],
  );
}

/** Searches for a path from a provider: entities that only refer to each other do not count as referenced. */
async function findUnreferenced(tx: Knex, refs: readonly string[]): Promise<string[]> {
  const asked = listTable(tx, 'asked', { ref: 'text' }, refs);
  return columnOf(
    await tx.raw(
      `WITH RECURSIVE way (ref, source) AS (
         SELECT asked.ref, r.source FROM ? JOIN catalog_references r ON r.target_ref = asked.ref
         UNION
         SELECT way.ref, r.source FROM way
         JOIN catalog_references r ON way.source LIKE 'entity:%' AND r.target_ref = substr(way.source, 8)
       )
       SELECT asked.ref FROM ? JOIN catalog_refresh_state s ON s.entity_ref = asked.ref
       LEFT JOIN (SELECT DISTINCT ref FROM way WHERE source LIKE 'provider:%') AS kept ON kept.ref = asked.ref
       WHERE kept.ref IS NULL`,
      [asked, asked],
    ),
  );
}
