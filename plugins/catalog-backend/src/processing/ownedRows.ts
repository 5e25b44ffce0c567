// The tables with rows owned by sources and processed entities: references, relations and refresh keys.
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

/** Keys as returned by `storableRefreshKey`. */
export const REFRESH_KEYS = {
  table: 'catalog_refresh_keys',
  columns: { entity_id: 'integer', key: 'text' },
} as const;
