// Limits on what a request may ask for: it must not make others wait, and databases have limits of their own.
import { InputError } from '@backstage/errors';
import { type EntityCondition, lookupsOf, partsOf } from '../query/EntityCondition';
import type { OrderField } from '../query/PageQuery';

/** SQLite allows expressions of depth 1000, and each sibling condition adds a level. */
const MOST_CONDITIONS = 900;
/** SQLite allows 32766 parameters. */
const MOST_VALUES = 20_000;
/** SQLite can join 64 tables. */
const MOST_ORDER_FIELDS = 20;

/** Throws an `InputError` if there are more than `most` of `what`. */
export function assertAtMost(most: number, what: string, count: number): void {
  if (count > most) throw new InputError(`The request has ${count} ${what}, and ${most} are the most`);
}

/** Throws an `InputError` if a query exceeds the limits. */
export function assertAnswerable(
  condition: EntityCondition | undefined,
  order: readonly OrderField[] = [],
): void {
  assertAtMost(MOST_ORDER_FIELDS, 'fields to order by', order.length);
  if (condition === undefined) return;
  assertAtMost(MOST_CONDITIONS, 'conditions on fields', partsOf(condition).length);
  assertAtMost(MOST_VALUES, 'values to look for', lookupsOf(condition));
}
