// Finds the entities of a page in the order of one field: along its index, then those that do not have it.
import { conditionSql, isLong, type SqlPart, type TextSearchFunction } from './conditionSql';
import type { EntityCondition } from './EntityCondition';
import type { PageQuery, PageRow } from './PageQuery';
import type { PageSource } from './fetchPage';
import { splitDriver } from './splitDriver';

/** Fields with one value at most, so that the row by which an entity is sorted is all there is of them. */
const SINGLE_VALUED = new Set(['kind', 'metadata.name', 'metadata.namespace', 'metadata.title']);
/** Fields that every entity has. */
const ALWAYS_THERE = new Set(['apiversion', 'kind', 'metadata.name', 'metadata.uid']);

/** Gives the entities of the page; `read` reads those of a source. */
export async function pageByField(
  query: PageQuery,
  contains: TextSearchFunction,
  read: (source: PageSource, limit: number) => Promise<PageRow[]>,
): Promise<PageRow[]> {
  const { limit, position, backwards, order } = query;
  const inTail = position !== undefined && position.values[0] === null;
  const phases = backwards ? ['tail', 'index'] : ['index', 'tail'];
  const rows: PageRow[] = [];
  for (const phase of phases) {
    if (rows.length >= limit) break;
    if (phase === 'tail' && ALWAYS_THERE.has(order[0]!.field)) continue;
    if (position && phase === 'index' && inTail && !backwards) continue;
    if (position && phase === 'tail' && !inTail && backwards) continue;
    const part = { ...query, position: position && inTail === (phase === 'tail') ? position : undefined };
    const source = phase === 'index' ? alongIndex(part, contains) : withoutField(part, contains);
    rows.push(...(await read(source, limit - rows.length)));
  }
  return rows;
}

function alongIndex(
  { condition, order, position, backwards }: PageQuery,
  contains: TextSearchFunction,
): PageSource {
  const { field, order: direction } = order[0]!;
  const forwards = (direction === 'asc') !== Boolean(backwards);
  const where: SqlPart[] = [{ sql: 'o.key = ? AND o.position = 0', bindings: [field] }];
  if (position) {
    const sql = `(o.value, o.entity_id) ${forwards ? '>' : '<'} (?, CAST(? AS integer))`;
    where.push({ sql, bindings: [position.values[0]!, String(position.id)] });
  }
  where.push(...filterAlong(condition, field, contains));
  const way = forwards ? 'ASC' : 'DESC';
  return {
    from: { sql: 'catalog_search o', bindings: [] },
    id: 'o.entity_id',
    values: ['o.value'],
    where,
    orderBy: ([value], id) => `${value} ${way}, ${id} ${way}`,
  };
}

/** A text is looked for in the very rows that the order goes along, where it is about that field alone. */
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
    return conditionSql(part, 'o.entity_id', contains, long);
  });
}

function withoutField(
  { order, condition, position, backwards }: PageQuery,
  contains: TextSearchFunction,
): PageSource {
  const { from, id, where } = splitDriver(condition, contains);
  const sql = `NOT EXISTS (SELECT 1 FROM catalog_search o WHERE o.key = ? AND o.position = 0 AND o.entity_id = ${id})`;
  const descends = (order[0]!.order === 'desc') !== Boolean(backwards);
  return {
    from: { sql: from, bindings: [] },
    id,
    values: ['NULL'],
    where: [...where, { sql, bindings: [order[0]!.field] }, ...beyondId(id, position, descends)],
    orderBy: (_values, own) => `${own} ${descends ? 'DESC' : 'ASC'}`,
  };
}

/** What comes after `position` where ids ascend, or where they descend. */
export function beyondId(id: string, position: PageQuery['position'], descends: boolean): SqlPart[] {
  if (!position) return [];
  return [{ sql: `${id} ${descends ? '<' : '>'} CAST(? AS integer)`, bindings: [String(position.id)] }];
}
