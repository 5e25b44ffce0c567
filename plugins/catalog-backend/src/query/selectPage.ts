// Reads one page of entities, in an order, from a position on.
import type { Knex } from 'knex';
import { conditionSql, type SqlPart, textSearchFunction, type TextSearchFunction } from './conditionSql';
import { beyondId, pageByField } from './pageByField';
import type { OrderField, PagePosition, PageQuery, PageRow } from './PageQuery';
import { type PageSource, fetchPage } from './fetchPage';
import { splitDriver } from './splitDriver';

/** With `backwards` the rows come in reverse. */
export async function selectPage(knex: Knex, query: PageQuery): Promise<PageRow[]> {
  const contains = textSearchFunction(knex);
  if (query.order.length === 0) return fetchPage(knex, byId(query, contains), query);
  if (query.order.length > 1 || query.offset) return fetchPage(knex, byFields(query, contains), query);
  return pageByField(query, contains, (source, limit) => fetchPage(knex, source, { limit }));
}

function byId({ condition, position, backwards }: PageQuery, contains: TextSearchFunction): PageSource {
  const { from, id, where } = splitDriver(condition, contains);
  return {
    from: { sql: from, bindings: [] },
    id,
    values: [],
    where: [...where, ...beyondId(id, position, Boolean(backwards))],
    orderBy: (_values, own) => `${own} ${backwards ? 'DESC' : 'ASC'}`,
  };
}

/** Several fields, or an offset: the database sorts. */
function byFields(
  { condition, order, position, backwards }: PageQuery,
  contains: TextSearchFunction,
): PageSource {
  const joins = order.map(
    (_, index) =>
      `LEFT JOIN catalog_search o${index} ON o${index}.entity_id = e.id AND o${index}.key = ? AND o${index}.position = 0`,
  );
  return {
    from: { sql: ['catalog_entities e', ...joins].join(' '), bindings: order.map(({ field }) => field) },
    id: 'e.id',
    values: order.map((_, index) => `o${index}.value`),
    where: [
      ...(condition ? [conditionSql(condition, 'e.id', contains)] : []),
      ...(position ? [beyond(order, position, Boolean(backwards))] : []),
    ],
    orderBy: (values, id) => {
      const terms = order.flatMap(({ order: direction }, index) => {
        const ascending = (direction === 'asc') !== Boolean(backwards);
        return [
          `(${values[index]} IS NULL) ${backwards ? 'DESC' : 'ASC'}`,
          `${values[index]} ${ascending ? 'ASC' : 'DESC'}`,
        ];
      });
      return [...terms, `${id} ${tiesDescend(order, backwards) ? 'DESC' : 'ASC'}`].join(', ');
    },
  };
}

/** As along the index of a field, so that pages by offset and by position are of one order. */
function tiesDescend(order: readonly OrderField[], backwards: PageQuery['backwards']): boolean {
  return (order[0]!.order === 'desc') !== Boolean(backwards);
}

/** What comes after `position`, or before it: equal in the first fields and beyond it in the next. */
function beyond(order: readonly OrderField[], { values, id }: PagePosition, backwards: boolean): SqlPart {
  const alternatives: string[] = [];
  const bindings: string[] = [];
  for (let index = 0; index <= order.length; index++) {
    const terms: string[] = [];
    for (let equal = 0; equal < index; equal++) {
      const value = values[equal] ?? null;
      terms.push(value === null ? `o${equal}.value IS NULL` : `o${equal}.value = ?`);
      if (value !== null) bindings.push(value);
    }
    if (index === order.length) {
      terms.push(`e.id ${tiesDescend(order, backwards) ? '<' : '>'} CAST(? AS integer)`);
      bindings.push(String(id));
    } else {
      const value = values[index] ?? null;
      const less = (order[index]!.order === 'asc') === backwards;
      if (value === null) {
        terms.push(backwards ? `o${index}.value IS NOT NULL` : 'FALSE');
      } else {
        terms.push(
          `(o${index}.value ${less ? '<' : '>'} ?${backwards ? '' : ` OR o${index}.value IS NULL`})`,
        );
        bindings.push(value);
      }
    }
    alternatives.push(`(${terms.join(' AND ')})`);
  }
  return { sql: `(${alternatives.join(' OR ')})`, bindings };
}
