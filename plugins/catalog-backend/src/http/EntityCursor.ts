// The cursors of /entities/by-query: everything that the next page needs, in the hands of the client.
import { InputError } from '@backstage/errors';
import type { EntityCondition } from '../query/EntityCondition';
import type { OrderField, PagePosition } from '../query/PageQuery';

/** A query and a place in its result. Permissions are no part of it: they are asked for with each page. */
export interface EntityCursor {
  readonly condition?: EntityCondition | undefined;
  readonly order: readonly OrderField[];
  readonly totalItems: boolean;
  readonly position: PagePosition;
  readonly backwards: boolean;
}

/** Opaque to clients. */
export function encodeCursor(cursor: EntityCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** A cursor can be made up: what comes out goes to the database as parameters only. */
export function decodeCursor(text: string): EntityCursor {
  try {
    const cursor = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as EntityCursor;
    const { condition, order, position } = cursor;
    const sound =
      (condition === undefined || isCondition(condition, 0)) &&
      order.every(({ field, order: way }) => typeof field === 'string' && ['asc', 'desc'].includes(way)) &&
      // As large as the database counts.
      (position.id | 0) === position.id &&
      position.values.length === order.length &&
      position.values.every(value => value === null || typeof value === 'string');
    if (sound) return cursor;
  } catch {
    // Told apart no further: a cursor is either one of ours or not.
  }
  throw new InputError("The parameter 'cursor' is not a cursor that this catalog gave out");
}

function isCondition(value: unknown, depth: number): value is EntityCondition {
  if (depth > 100 || typeof value !== 'object' || value === null) return false;
  const { all, any, not, key, values, prefix, text, fields } = value as Record<string, unknown>;
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

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}
