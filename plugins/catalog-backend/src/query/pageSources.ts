// The ways to find and sort the entities of a page.
import { allSql, conditionSql, isLong, type SqlPart, type TextSearchFunction } from './conditionSql';
import { type EntityCondition, requirementsOf } from './EntityCondition';
import type { PageSource } from './fetchPage';
import type { PageQuery } from './PageQuery';
import { splitDriver } from './splitDriver';

/** Fields with at most one value, so that the row for sorting is the only one. */
const SINGLE_VALUED = new Set(['kind', 'metadata.name', 'metadata.namespace', 'metadata.title']);
/** Fields that every entity has. */
export const ALWAYS_THERE = new Set(['apiversion', 'kind', 'metadata.name', 'metadata.uid']);

/** Entities that are sorted by this value of a field, or lack it. */
interface SortedBy {
  readonly field: string;
  readonly value: string | null;
}
/** A query for the entities of a group alone, if one is given. */
export type Part = PageQuery & { readonly group?: readonly SortedBy[] };

/** Follows the index of the order field. */
export function alongIndex(query: Part, contains: TextSearchFunction): PageSource {
  const { condition, order, group } = query;
  return {
    from: 'catalog_search o',
    id: 'o.entity_id',
    values: ['o.value'],
    where: [
      ...inIndex(query),
      ...filterAlong(condition, order[0]!.field, contains),
      ...inGroup(group, 'o.entity_id'),
    ],
    orderBy: orderByValue(query),
  };
}

/** The same as `alongIndex`, but starts from the entities that meet the condition. */
export function findFirst(query: Part, contains: TextSearchFunction): PageSource {
  const { from, id, where } = splitDriver(query.condition, contains);
  const { sql, bindings } = allSql([...where, ...inGroup(query.group, id)]);
  return {
    from: `(WITH found AS MATERIALIZED (SELECT ${id} AS id FROM ${from} WHERE ${sql}) SELECT id FROM found) AS found
      JOIN catalog_search o ON o.entity_id = found.id`,
    joined: bindings,
    id: 'o.entity_id',
    values: ['o.value'],
    where: inIndex(query),
    orderBy: orderByValue(query),
  };
}

/** The rows `o` of the index of the order field, beyond the position. */
function inIndex({ order, position, ...query }: Part): SqlPart[] {
  const rows = { sql: 'o.key = ? AND o.position = 0', bindings: [order[0]!.field] };
  if (!position) return [rows];
  const way = idsDescend({ ...query, order }) ? '<' : '>';
  const sql = `(o.value, o.entity_id) ${way} (?, CAST(? AS integer))`;
  return [rows, { sql, bindings: [position.values[0]!, String(position.id)] }];
}

function orderByValue(query: Part): PageSource['orderBy'] {
  const way = idsDescend(query) ? 'DESC' : 'ASC';
  return ([value], id) => `${value} ${way}, ${id} ${way}`;
}

function inGroup(group: readonly SortedBy[] = [], id: string): SqlPart[] {
  return group.map(({ field, value }) => {
    const rows = `SELECT 1 FROM catalog_search g WHERE g.key = ? AND g.position = 0 AND g.entity_id = ${id}`;
    return value === null
      ? { sql: `NOT EXISTS (${rows})`, bindings: [field] }
      : { sql: `EXISTS (${rows} AND g.value = ?)`, bindings: [field, value] };
  });
}

/** A text search on the order field alone can be applied to the very rows of the index. */
function filterAlong(
  condition: EntityCondition | undefined,
  field: string,
  contains: TextSearchFunction,
): SqlPart[] {
  const parts = requirementsOf(condition);
  const long = isLong(condition);
  return parts.map(part => {
    const direct = 'text' in part && SINGLE_VALUED.has(field) && part.fields.every(name => name === field);
    if (direct) return { sql: `${contains}(o.value, ?) > 0`, bindings: [part.text] };
    // Otherwise a rare text would be searched for in one entity after the other, through all of them.
    return conditionSql(part, 'o.entity_id', contains, long || 'text' in part);
  });
}

/** Sorted by id. With `without`, only entities that lack this field. */
export function alongIds(query: Part, contains: TextSearchFunction, without?: string): PageSource {
  const { from, id, where } = splitDriver(query.condition, contains);
  const { group = [] } = query;
  return {
    from,
    id,
    values: without === undefined ? [] : ['NULL'],
    where: [
      ...where,
      ...inGroup(without === undefined ? group : [...group, { field: without, value: null }], id),
      ...beyondId(id, query),
    ],
    orderBy: (_values, own) => `${own} ${idsDescend(query) ? 'DESC' : 'ASC'}`,
  };
}

type Direction = Pick<PageQuery, 'order' | 'backwards'>;

/** Whether ids are descending among ties: the same as the last field, so that all pages share one order. */
export function idsDescend({ order, backwards }: Direction): boolean {
  return (order.at(-1)?.order === 'desc') !== Boolean(backwards);
}

/** Rows after the position, when sorting by id. */
function beyondId(id: string, query: Direction & Pick<PageQuery, 'position'>): SqlPart[] {
  if (!query.position) return [];
  const sql = `${id} ${idsDescend(query) ? '<' : '>'} CAST(? AS integer)`;
  return [{ sql, bindings: [String(query.position.id)] }];
}

/** Sorts all entities that meet the condition. */
export function byFields(
  query: PageQuery,
  contains: TextSearchFunction,
  more: readonly SqlPart[] = [],
): PageSource {
  const { condition, order, backwards } = query;
  const joins = order.map(
    (_, index) =>
      `LEFT JOIN catalog_search o${index} ON o${index}.entity_id = e.id AND o${index}.key = ? AND o${index}.position = 0`,
  );
  return {
    from: ['catalog_entities e', ...joins].join(' '),
    joined: order.map(({ field }) => field),
    id: 'e.id',
    values: order.map((_, index) => `o${index}.value`),
    where: [...(condition ? [conditionSql(condition, 'e.id', contains)] : []), ...more],
    orderBy: (values, id) => {
      const terms = order.flatMap(({ order: direction }, index) => {
        const ascending = (direction === 'asc') !== Boolean(backwards);
        return [
          `(${values[index]} IS NULL) ${backwards ? 'DESC' : 'ASC'}`,
          `${values[index]} ${ascending ? 'ASC' : 'DESC'}`,
        ];
      });
      return [...terms, `${id} ${idsDescend(query) ? 'DESC' : 'ASC'}`].join(', ');
    },
  };
}
