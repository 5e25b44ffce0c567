// The tables with rows owned by sources and processed entities: references, relations and refresh keys.
import { createHash } from 'node:crypto';

/** A source, `provider:<name>` or `entity:<ref>`, and the reference of an entity that it supplies. */
export const REFERENCES = {
  table: 'catalog_references',
  columns: { source: 'text', target_ref: 'text' },
  isUneven: true,
} as const;

/** Each belongs to the entity whose processing produced it. */
export const RELATIONS = {
  table: 'catalog_relations',
  columns: { origin_id: 'integer', source_ref: 'text', type: 'text', target_ref: 'text' },
} as const;

/** Keys as returned by `storedRefreshKey`. */
export const REFRESH_KEYS = {
  table: 'catalog_refresh_keys',
  columns: { entity_id: 'integer', key: 'text' },
} as const;

/** PostgreSQL can't index much longer keys. */
const MAX_LENGTH = 1_000;

/** The stored form of a key. */
export function storedRefreshKey(key: string): string {
  return key.length <= MAX_LENGTH ? key : `sha1:${createHash('sha1').update(key).digest('hex')}`;
}
