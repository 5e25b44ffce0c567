// Makes the stored entities equal to a given set.
import { createHash, randomUUID } from 'node:crypto';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { Knex } from 'knex';

import { batches } from './batches';
import { searchRows } from './searchRows';

/** Small enough for SQLite, whose statements take a limited number of rows and parameters. */
const BATCH = 100;

interface EntityRow {
  uid: string;
  entity_ref: string;
  etag: string;
  entity: string;
}

/** How many entities the set added, changed and removed. */
export interface ReplacedEntities {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/**
 * Stores `entities`, which must not share references, and removes all others, in one transaction. An entity keeps its
 * `uid` for as long as its reference stays; `etag` tells contents apart. What did not change is not written.
 */
export async function replaceEntities(knex: Knex, entities: readonly Entity[]): Promise<ReplacedEntities> {
  return knex.transaction(async tx => {
    if (tx.client.config.client === 'pg') {
      // Instances that start together take turns; readers are not held up.
      await tx.raw('LOCK TABLE catalog_entities IN SHARE ROW EXCLUSIVE MODE');
    }
    const stored = await tx<EntityRow>('catalog_entities').select('uid', 'entity_ref', 'etag');
    const storedByRef = new Map(stored.map(row => [row.entity_ref, row]));
    const stale: string[] = [];
    const written: Array<{ row: EntityRow; entity: Entity }> = [];
    let added = 0;
    for (const source of entities) {
      const ref = stringifyEntityRef(source);
      const before = storedByRef.get(ref);
      storedByRef.delete(ref);
      const uid = before?.uid ?? randomUUID();
      const entity = identify(source, uid);
      const etag = entity.metadata.etag ?? '';
      if (before?.etag === etag) continue;
      if (before) stale.push(uid);
      else added += 1;
      written.push({ entity, row: { uid, entity_ref: ref, etag, entity: JSON.stringify(entity) } });
    }
    const changed = stale.length;
    for (const { uid } of storedByRef.values()) stale.push(uid);

    for (const uids of batches(stale, BATCH)) {
      await tx('catalog_search').whereIn('entity_uid', uids).delete();
      await tx('catalog_entities').whereIn('uid', uids).delete();
    }
    await tx.batchInsert(
      'catalog_entities',
      written.map(({ row }) => row),
      BATCH,
    );
    const search = written.flatMap(({ row, entity }) =>
      searchRows(entity).map(field => ({ entity_uid: row.uid, ...field })),
    );
    await tx.batchInsert('catalog_search', search, BATCH);
    return { added, changed, removed: storedByRef.size };
  });
}

/** Replaces whatever the source says about `uid` and `etag`: they are the catalog's to give. */
function identify(source: Entity, uid: string): Entity {
  const { uid: _uid, etag: _etag, ...metadata } = source.metadata;
  const content = { ...source, metadata };
  const etag = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 40);
  return { ...source, metadata: { ...metadata, uid, etag } as Entity['metadata'] };
}
