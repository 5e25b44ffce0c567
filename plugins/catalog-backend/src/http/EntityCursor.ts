// The cursors of /entities/by-query.
import type { EntityCondition } from '../query/EntityCondition';
import type { OrderField, PagePosition } from '../query/PageQuery';
import { isObject, isStrings } from '../jsonShapes';
import { decodeCursor } from './cursors';

/** A query and a position in its result. Does not contain permissions, which are checked again for every page. */
export interface EntityCursor {
  readonly condition?: EntityCondition | undefined;
  readonly order: readonly OrderField[];
  readonly totalItems: boolean;
  readonly position: PagePosition;
  readonly backwards: boolean;
}

/** The content of a cursor is only passed to the database as parameters. */
export function decodeEntityCursor(text: string): EntityCursor {
  return decodeCursor<EntityCursor>(
    text,
    "The parameter 'cursor'",
    ({ condition, order, position }) =>
      (condition === undefined || isCondition(condition, 0)) &&
      order.every(({ field, order: way }) => typeof field === 'string' && ['asc', 'desc'].includes(way)) &&
      // A 32-bit integer, like the ids in the database.
      (position.id | 0) === position.id &&
      position.values.length === order.length &&
      position.values.every(value => value === null || typeof value === 'string'),
  );
}

function isCondition(value: unknown, depth: number): value is EntityCondition {
  if (depth > 100 || !isObject(value)) return false;
  const { all, any, not, key, values, prefix, text, fields } = value;
  // Tests for the same properties in the same order as the code that generates the SQL.
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
