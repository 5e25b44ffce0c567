// Reads one page of entities, in an order, from a position on.
import type { Knex } from 'knex';
import {
  allSql,
  anySql,
  conditionSql,
  type SqlPart,
  textSearchFunction,
  type TextSearchFunction,
} from './conditionSql';
import { alongIds, beyondId, idsDescend, pageByField } from './pageByField';
import type { PageQuery, PageRow } from './PageQuery';
import { type PageSource, fetchPage } from './fetchPage';

/** With `backwards` the rows come in reverse. */
export async function selectPage(knex: Knex, query: PageQuery): Promise<PageRow[]> {
  const contains = textSearchFunction(knex);
  if (query.order.length === 0) return fetchPage(knex, alongIds(query, contains), query);
  if (query.order.length > 1 || query.offset) return fetchPage(knex, byFields(query, contains), query);
  return pageByField(query, contains, (source, limit) => fetchPage(knex, source, { limit }));
}

/** Several fields, or an offset: the database sorts. */
function byFields(query: PageQuery, contains: TextSearchFunction): PageSource {
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
    where: [...(condition ? [conditionSql(condition, 'e.id', contains)] : []), ...beyond(query)],
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

/** What comes after the position, or before it: equal in the first fields and beyond it in the next. */
function beyond({ order, position, backwards }: PageQuery): SqlPart[] {
  if (!position) return [];
  const equal = position.values.map((value, index): SqlPart =>
    value === null
      ? { sql: `o${index}.value IS NULL`, bindings: [] }
      : { sql: `o${index}.value = ?`, bindings: [value] },
  );
  const further = position.values.map((value, index): SqlPart => {
    if (value === null) {
      return { sql: backwards ? `o${index}.value IS NOT NULL` : 'FALSE', bindings: [] };
    }
    const less = (order[index]!.order === 'asc') === Boolean(backwards);
    const absent = backwards ? '' : ` OR o${index}.value IS NULL`;
    return { sql: `(o${index}.value ${less ? '<' : '>'} ?${absent})`, bindings: [value] };
  });
  further.push(...beyondId('e.id', { order, position, backwards }));
  return [anySql(further.map((part, index) => allSql([...equal.slice(0, index), part])))];
}
