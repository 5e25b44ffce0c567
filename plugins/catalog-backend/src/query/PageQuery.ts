// What a page of entities is, and which one to read.
import type { EntityCondition } from './EntityCondition';
import type { EntityText } from './EntityText';

/** A field to order by, in lower case; entities without it come last, whatever the direction. */
export interface OrderField {
  readonly field: string;
  readonly order: 'asc' | 'desc';
}

/** An entity's place in an order: its values of the order fields, and its id where these are equal. */
export interface PagePosition {
  readonly values: ReadonlyArray<string | null>;
  readonly id: number;
}

export interface PageQuery {
  readonly condition?: EntityCondition | undefined;
  /**
   * Without any, entities come in the order in which they came into the catalog. So do those that are equal in all fields,
   * or the other way round where the first field descends.
   */
  readonly order: readonly OrderField[];
  readonly limit: number;
  readonly offset?: number | undefined;
  /** Reads what comes after it, or before it with `backwards`. */
  readonly position?: PagePosition | undefined;
  readonly backwards?: boolean | undefined;
}

export interface PageRow extends PagePosition {
  readonly entity: EntityText;
}
