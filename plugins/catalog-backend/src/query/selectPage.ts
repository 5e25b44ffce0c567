// Selects a page of entities, in a given order, from a given position.
import type { Knex } from 'knex';
import {
  allSql,
  anySql,
  conditionSql,
  isLong,
  type SqlPart,
  textSearchFunction,
  type TextSearchFunction,
} from './conditionSql';
import type { EntityCondition } from './EntityCondition';
import { fetchPage, type PageSource } from './fetchPage';
import type { PageQuery, PageRow } from './PageQuery';
import { splitDriver } from './splitDriver';

/** Fields with at most one value, so that the row for sorting is the only one. */
const SINGLE_VALUED = new Set(['kind', 'metadata.name', 'metadata.namespace', 'metadata.title']);
/** Fields that every entity has. */
const ALWAYS_THERE = new Set(['apiversion', 'kind', 'metadata.name', 'metadata.uid']);

/** With `backwards`, the rows are in reverse order. */
export async function selectPage(knex: Knex, query: PageQuery): Promise<PageRow[]> {
  const contains = textSearchFunction(knex);
  if (query.order.length === 0) return fetchPage(knex, alongIds(query, contains), query);
  if (query.order.length > 1 || query.offset) return fetchPage(knex, byFields(query, contains), query);
  return pageByField(knex, query, contains);
}

/** Sorted by a single field: follows its index, then appends the entities that lack the field. */
async function pageByField(knex: Knex, query: PageQuery, contains: TextSearchFunction): Promise<PageRow[]> {
  const { limit, position, backwards, order } = query;
  const inTail = position?.values[0] === null;
  const phases = backwards ? ['tail', 'index'] : ['index', 'tail'];
  if (position && inTail !== (phases[0] === 'tail')) phases.shift();
  const rows: PageRow[] = [];
  for (const phase of phases) {
    if (rows.length >= limit) break;
    if (phase === 'tail' && ALWAYS_THERE.has(order[0]!.field)) continue;
    const part = { ...query, position: inTail === (phase === 'tail') ? position : undefined };
    const source = phase === 'index' ? alongIndex(part, contains) : alongIds(part, contains, order[0]!.field);
    rows.push(...(await fetchPage(knex, source, { limit: limit - rows.length })));
  }
  return rows;
}

function alongIndex(query: PageQuery, contains: TextSearchFunction): PageSource {
  const { condition, order, position } = query;
  const { field } = order[0]!;
  const descends = idsDescend(query);
  const where: SqlPart[] = [{ sql: 'o.key = ? AND o.position = 0', bindings: [field] }];
  if (position) {
    const sql = `(o.value, o.entity_id) ${descends ? '<' : '>'} (?, CAST(? AS integer))`;
    where.push({ sql, bindings: [position.values[0]!, String(position.id)] });
  }
  where.push(...filterAlong(condition, field, contains));
  const way = descends ? 'DESC' : 'ASC';
  return {
    from: 'catalog_search o',
    id: 'o.entity_id',
    values: ['o.value'],
    where,
    orderBy: ([value], id) => `${value} ${way}, ${id} ${way}`,
  };
}

/** A text search on the order field alone can be applied to the very rows of the index. */
function filterAlong(
  condition: EntityCondition | undefined,
  field: string,
  contains: TextSearchFunction,
): SqlPart[] {
  const parts = condition === undefined ? [] : 'all' in condition ? condition.all : [condition];
  const long = isLong(condition);
  return parts.map(part => {
    const direct = 'text' in part && SINGLE_VALUED.has(field) && part.fields.every(name => name === field);
    if (direct) return { sql: `${contains}(o.value, ?) > 0`, bindings: [part.text] };
    // Otherwise a rare text would be searched for in one entity after the other, through all of them.
    return conditionSql(part, 'o.entity_id', contains, long || 'text' in part);
  });
}

/** Sorted by id. With `without`, only entities that lack this field. */
function alongIds(query: PageQuery, contains: TextSearchFunction, without?: string): PageSource {
  const { from, id, where } = splitDriver(query.condition, contains);
  const sql = `NOT EXISTS (SELECT 1 FROM catalog_search o WHERE o.key = ? AND o.position = 0 AND o.entity_id = ${id})`;
  return {
    from,
    id,
    values: without === undefined ? [] : ['NULL'],
    where: [
      ...where,
      ...(without === undefined ? [] : [{ sql, bindings: [without] }]),
      ...beyondId(id, query),
    ],
    orderBy: (_values, own) => `${own} ${idsDescend(query) ? 'DESC' : 'ASC'}`,
  };
}

type Direction = Pick<PageQuery, 'order' | 'backwards'>;

/** Whether ids are descending among ties: the same as the first field, so that all pages share one order. */
function idsDescend({ order, backwards }: Direction): boolean {
  return (order[0]?.order === 'desc') !== Boolean(backwards);
}

/** Rows after the position, when sorting by id. */
function beyondId(id: string, query: Direction & Pick<PageQuery, 'position'>): SqlPart[] {
  if (!query.position) return [];
  const sql = `${id} ${idsDescend(query) ? '<' : '>'} CAST(? AS integer)`;
  return [{ sql, bindings: [String(query.position.id)] }];
}

/** For several fields or an offset, the database has to sort. */
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

/** Rows after the position (before it with `backwards`): equal in the first fields, and beyond it in the next. */
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
