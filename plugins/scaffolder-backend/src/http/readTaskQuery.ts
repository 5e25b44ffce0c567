// Reads the query parameters of requests about tasks.
import { InputError } from '@backstage/errors';
import type { Request } from 'express';
import { type TaskListQuery, type TaskOrderField, taskOrderFields } from '../database/TaskStore';

type Query = Record<string, unknown>;

/** Which tasks to list, and in which order. Throws `InputError` if a parameter is invalid. */
export function readTaskListQuery(query: Query): TaskListQuery {
  return {
    createdBy: readTexts(query, 'createdBy'),
    status: readTexts(query, 'status'),
    order: readTexts(query, 'order')?.map(readOrder),
    limit: readNumber(query, 'limit'),
    offset: readNumber(query, 'offset'),
  };
}

/** The id of the last event that the client has received; 0 for none. */
export function readAfter(req: Request): number {
  const header = { 'Last-Event-ID': req.get('Last-Event-ID') };
  return readNumber(req.query, 'after') ?? readNumber(header, 'Last-Event-ID') ?? 0;
}

function readOrder(text: string): { field: TaskOrderField; order: 'asc' | 'desc' } {
  const [, order, field] = /^(asc|desc):(.+)$/.exec(text) ?? [];
  if (!taskOrderFields.includes(field as TaskOrderField)) {
    throw new InputError(
      `The order '${text}' is not of the form 'desc:created_at', with one of ${taskOrderFields.join(', ')}`,
    );
  }
  return { field: field as TaskOrderField, order: order as 'asc' | 'desc' };
}

/** Returns `undefined` if the parameter is missing. */
function readTexts(query: Query, name: string): string[] | undefined {
  const values = [query[name] ?? []].flat();
  if (values.length === 0) return undefined;
  if (values.every(value => typeof value === 'string')) return values;
  throw new InputError(`The parameter '${name}' must be text`);
}

function readNumber(query: Query, name: string): number | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  throw new InputError(`The parameter '${name}' must be a whole number, not '${String(value)}'`);
}
