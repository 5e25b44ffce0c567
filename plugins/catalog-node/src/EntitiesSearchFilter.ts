// The condition on a field of entities that permission rules return.

/**
 * Matches entities that have the field, with one of `values` where there are any. Case does not matter.
 *
 * @public
 */
export interface EntitiesSearchFilter {
  /** A path joined with dots, such as `spec.owner`. */
  key: string;
  values?: string[];
}

/**
 * Conditions put together.
 *
 * @public
 */
export type EntityFilter =
  { allOf: EntityFilter[] } | { anyOf: EntityFilter[] } | { not: EntityFilter } | EntitiesSearchFilter;
