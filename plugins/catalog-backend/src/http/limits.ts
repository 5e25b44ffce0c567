// How much a request may ask for at once: nobody else should have to wait for it, and databases have limits of their own.
import { InputError } from '@backstage/errors';
import { type EntityCondition, lookupsOf, partsOf } from '../query/EntityCondition';
import type { OrderField } from '../query/PageQuery';

/** SQLite takes expressions that are 1000 deep, and each condition beside others is a level. */
const MOST_CONDITIONS = 900;
/** SQLite takes 32766 parameters. */
const MOST_VALUES = 20_000;
/** SQLite joins 64 tables. */
const MOST_ORDER_FIELDS = 20;

/** Throws an `InputError` for more than `most` of `what`. */
export function assertAtMost(most: number, what: string, count: number): void {
  if (count > most) throw new InputError(`The request has ${count} ${what}, and ${most} are the most`);
}

/** Throws an `InputError` for what is too long to be looked for. */
export function assertAnswerable(
  condition: EntityCondition | undefined,
  order: readonly OrderField[] = [],
): void {
  assertAtMost(MOST_ORDER_FIELDS, 'fields to order by', order.length);
  if (condition === undefined) return;
  assertAtMost(MOST_CONDITIONS, 'conditions on fields', partsOf(condition).length);
  assertAtMost(MOST_VALUES, 'values to look for', lookupsOf(condition));
}
