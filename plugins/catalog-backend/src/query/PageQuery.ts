// The query for a page of entities, and its result.
import type { EntityCondition } from './EntityCondition';
import type { EntityText } from './EntityText';

/** A field to sort by, in lower case. Entities without it come last, in either direction. */
export interface OrderField {
  readonly field: string;
  readonly order: 'asc' | 'desc';
}

/** The position of an entity in the result: the values of its order fields, and its id to break ties. */
export interface PagePosition {
  readonly values: ReadonlyArray<string | null>;
  readonly id: number;
}

export interface PageQuery {
  readonly condition?: EntityCondition | undefined;
  /**
   * If empty, entities are sorted by the order in which they entered the catalog. Ties are broken in the same way, in
   * reverse if the last field is descending.
   */
  readonly order: readonly OrderField[];
  readonly limit: number;
  readonly offset?: number | undefined;
  /** Reads what comes after this position, or before it with `backwards`. Not together with an offset. */
  readonly position?: PagePosition | undefined;
  readonly backwards?: boolean | undefined;
  /** Counts the entities that meet the condition, if somebody needs the number anyway. */
  readonly countAll?: (() => Promise<number>) | undefined;
}

export interface PageRow extends PagePosition {
  readonly entity: EntityText;
}
