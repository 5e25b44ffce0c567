// The condition on a field of entities that permission rules return.

/**
 * Matches entities that have the field, with one of `values` if there are any. Case-insensitive.
 *
 * @public
 */
export interface EntitiesSearchFilter {
  /** The path of the field, joined with dots, such as `spec.owner`. */
  key: string;
  values?: string[];
}

/**
 * A combination of conditions.
 *
 * @public
 */
export type EntityFilter =
  { allOf: EntityFilter[] } | { anyOf: EntityFilter[] } | { not: EntityFilter } | EntitiesSearchFilter;
