// The tables of what sources and processed entities have: references, relations and refresh keys.
import { createHash } from 'node:crypto';

/** A source, `provider:<name>` or `entity:<ref>`, and the reference of an entity that it gives. */
export const REFERENCES = {
  table: 'catalog_references',
  columns: { source: 'text', target_ref: 'text' },
  isUneven: true,
} as const;

/** Each with the entity whose processing gave it. */
export const RELATIONS = {
  table: 'catalog_relations',
  columns: { origin_id: 'integer', source_ref: 'text', type: 'text', target_ref: 'text' },
} as const;

/** Keys as `storedRefreshKey` gives them. */
export const REFRESH_KEYS = {
  table: 'catalog_refresh_keys',
  columns: { entity_id: 'integer', key: 'text' },
} as const;

/** An index of PostgreSQL takes no longer ones. */
const MAX_LENGTH = 1_000;

/** What stands in the database for a key. */
export function storedRefreshKey(key: string): string {
  return key.length <= MAX_LENGTH ? key : `sha1:${createHash('sha1').update(key).digest('hex')}`;
}
