// A filter of entities as data.

/** A field that must be there or, with `values`, have one of them. All in lower case. */
export interface EntityFilterCondition {
  readonly key: string;
  readonly values?: readonly string[];
}

/** Sets of conditions: an entity matches if it meets all conditions of at least one set. */
export type EntityFilter = ReadonlyArray<readonly EntityFilterCondition[]>;
