// The cursors of /entities/by-query.
import type { EntityCondition } from '../query/EntityCondition';
import type { OrderField, PagePosition } from '../query/PageQuery';
import { isObject, isStrings } from '../jsonShapes';
import { decodeCursor } from './cursors';

/** A query and a place in its result. Permissions are no part of it: they are asked for with each page. */
export interface EntityCursor {
  readonly condition?: EntityCondition | undefined;
  readonly order: readonly OrderField[];
  readonly totalItems: boolean;
  readonly position: PagePosition;
  readonly backwards: boolean;
}

/** What comes out of a cursor goes to the database as parameters only. */
export function decodeEntityCursor(text: string): EntityCursor {
  return decodeCursor<EntityCursor>(
    text,
    "The parameter 'cursor'",
    ({ condition, order, position }) =>
      (condition === undefined || isCondition(condition, 0)) &&
      order.every(({ field, order: way }) => typeof field === 'string' && ['asc', 'desc'].includes(way)) &&
      // As large as the database counts.
      (position.id | 0) === position.id &&
      position.values.length === order.length &&
      position.values.every(value => value === null || typeof value === 'string'),
  );
}

function isCondition(value: unknown, depth: number): value is EntityCondition {
  if (depth > 100 || !isObject(value)) return false;
  const { all, any, not, key, values, prefix, text, fields } = value;
  // By the same signs, and in the same order, as what makes SQL of it.
  const parts = 'all' in value ? all : any;
  if ('all' in value || 'any' in value)
    return Array.isArray(parts) && parts.every(part => isCondition(part, depth + 1));
  if ('not' in value) return isCondition(not, depth + 1);
  if ('text' in value) return typeof text === 'string' && isStrings(fields) && fields.length > 0;
  return (
    typeof key === 'string' &&
    (values === undefined || isStrings(values)) &&
    (prefix === undefined || typeof prefix === 'string')
  );
}
