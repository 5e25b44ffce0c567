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
  const inTail = position?.values[0] === null;
  const phases = backwards ? ['tail', 'index'] : ['index', 'tail'];
  if (position && inTail !== (phases[0] === 'tail')) phases.shift();
  const rows: PageRow[] = [];
  for (const phase of phases) {
    if (rows.length >= limit) break;
    if (phase === 'tail' && ALWAYS_THERE.has(order[0]!.field)) continue;
    const part = { ...query, position: inTail === (phase === 'tail') ? position : undefined };
    const source = phase === 'index' ? alongIndex(part, contains) : alongIds(part, contains, order[0]!.field);
    rows.push(...(await read(source, limit - rows.length)));
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

/** In the order of ids; with `without` those that do not have this field. */
export function alongIds(query: PageQuery, contains: TextSearchFunction, without?: string): PageSource {
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

/** Whether ids descend where all else is equal: always as the first field, so that all pages are of one order. */
export function idsDescend({ order, backwards }: Direction): boolean {
  return (order[0]?.order === 'desc') !== Boolean(backwards);
}

/** What comes after the position in the order of ids. */
export function beyondId(id: string, query: Direction & Pick<PageQuery, 'position'>): SqlPart[] {
  if (!query.position) return [];
  const sql = `${id} ${idsDescend(query) ? '<' : '>'} CAST(? AS integer)`;
  return [{ sql, bindings: [String(query.position.id)] }];
}
