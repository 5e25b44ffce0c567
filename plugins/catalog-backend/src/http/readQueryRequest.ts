// Reads requests to /entities/by-query, both GET and POST.
import { InputError } from '@backstage/errors';
import { isObject, isStrings } from '../jsonShapes';
import { allOf, type EntityCondition } from '../query/EntityCondition';
import type { OrderField } from '../query/PageQuery';
import { readCount, readString, readStrings } from './queryParameters';
import { readEntityFilter } from './readEntityFilter';
import { readPredicate } from './readPredicate';

/** The same default as in Backstage's catalog, because clients that omit the limit rely on it. */
const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 10_000;
/** The fields that are searched by default. If the result is ordered, its first order field is searched instead. */
const TEXT_FIELDS = ['metadata.name', 'metadata.title', 'spec.profile.displayname'];

/** A query, or with `cursor` the next page of one. */
export interface EntityQueryRequest {
  readonly cursor?: string | undefined;
  readonly condition?: EntityCondition | undefined;
  readonly order: readonly OrderField[];
  readonly fields: readonly string[];
  readonly limit: number;
  readonly offset?: number | undefined;
  readonly totalItems: boolean;
}

/** Reads a `GET` request. */
export function readQueryParameters(query: Record<string, unknown>): EntityQueryRequest {
  const term = readString(query, 'fullTextFilterTerm');
  const textFields = readStrings(query, 'fullTextFilterFields').flatMap(fields => fields.split(','));
  const order = readStrings(query, 'orderField').map(readOrderField);
  return {
    cursor: readString(query, 'cursor'),
    condition: allOf([readEntityFilter(query), readText(term, textFields, order)]),
    order,
    fields: readStrings(query, 'fields'),
    limit: limitOf(readCount(query, 'limit')),
    offset: readCount(query, 'offset'),
    totalItems: includesTotal(readString(query, 'totalItems')),
  };
}

/** Reads a `POST` request. */
export function readQueryBody(body: unknown = {}): EntityQueryRequest {
  if (!isObject(body)) throw new InputError('The body must be a JSON object');
  const { cursor, query, orderBy = [], fields = [], fullTextFilter = {}, limit, offset, totalItems } = body;
  if (!isObject(fullTextFilter)) {
    throw new InputError('In the body, \'fullTextFilter\' must be an object such as {"term": "shop"}');
  }
  const { term, fields: textFields = [] } = fullTextFilter;
  const order = list('orderBy', orderBy).map(readOrderObject);
  return {
    cursor: text('cursor', cursor),
    condition: allOf([
      query === undefined ? undefined : readPredicate(query),
      readText(text('fullTextFilter.term', term), strings('fullTextFilter.fields', textFields), order),
    ]),
    order,
    fields: strings('fields', fields),
    limit: limitOf(count('limit', limit)),
    offset: count('offset', offset),
    totalItems: includesTotal(text('totalItems', totalItems)),
  };
}

function readText(
  term: string | undefined,
  fields: readonly string[],
  [first]: readonly OrderField[],
): EntityCondition | undefined {
  const wanted = term?.trim().toLowerCase();
  if (!wanted) return undefined;
  const given = fields.map(field => field.trim().toLowerCase()).filter(field => field !== '');
  const fallback = first ? [first.field] : TEXT_FIELDS;
  return { text: wanted, fields: given.length > 0 ? given : fallback };
}

function readOrderField(value: string): OrderField {
  const [field = '', order = 'asc', ...rest] = value.split(',');
  if (!field || !isDirection(order) || rest.length > 0) {
    throw new InputError(`The order '${value}' is not of the form 'metadata.name,asc'`);
  }
  return { field: field.toLowerCase(), order };
}

function readOrderObject(value: unknown): OrderField {
  const { field, order } = Object(value) as Record<string, unknown>;
  if (typeof field !== 'string' || !field || !isDirection(order)) {
    throw new InputError(
      'In the body, \'orderBy\' must be a list such as [{"field": "metadata.name", "order": "asc"}]',
    );
  }
  return { field: field.toLowerCase(), order };
}

function isDirection(value: unknown): value is 'asc' | 'desc' {
  return value === 'asc' || value === 'desc';
}

function includesTotal(value: string | undefined): boolean {
  if (value === undefined || value === 'include') return true;
  if (value === 'exclude') return false;
  throw new InputError(`'totalItems' must be 'include' or 'exclude', not '${value}'`);
}

function limitOf(limit: number | undefined): number {
  return Math.min(limit ?? DEFAULT_LIMIT, MAX_LIMIT);
}

function text(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new InputError(`In the body, '${name}' must be a string`);
}

function count(name: string, value: unknown): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0))
    return value as number | undefined;
  throw new InputError(`In the body, '${name}' must be a whole number from 0 up`);
}

function list(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new InputError(`In the body, '${name}' must be a list`);
}

function strings(name: string, value: unknown): string[] {
  if (isStrings(list(name, value))) return value as string[];
  throw new InputError(`In the body, '${name}' must be a list of texts`);
}
