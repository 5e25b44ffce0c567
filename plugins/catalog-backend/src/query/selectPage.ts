// Selects a page of entities, in a given order, from a given position.
import type { Knex } from 'knex';
import { listTable } from '../database/valuesTable';
import { isLong, textSearchFunction, type TextSearchFunction } from './conditionSql';
import { countUpTo } from './countEntities';
import { type EntityCondition, partsOf } from './EntityCondition';
import { fetchPage } from './fetchPage';
import type { OrderField, PagePosition, PageQuery, PageRow } from './PageQuery';
import {
  ALWAYS_THERE,
  alongIds,
  alongIndex,
  byFields,
  findFirst,
  idsDescend,
  type Part,
} from './pageSources';

/** So many entities are sorted rather than found along an index. */
const FEW = 1_000;
/** Beyond all ids, so that a position with this id is after all entities with its value. */
const AFTER_ALL_IDS = 2 ** 31 - 1;

/** With `backwards`, the rows are in reverse order. */
export async function selectPage(knex: Knex, query: PageQuery): Promise<PageRow[]> {
  const contains = textSearchFunction(knex);
  const { order, limit, offset } = query;
  if (order.length === 0) return fetchPage(knex, alongIds(query, contains), query);
  if (!offset) return pageByFields(knex, query, contains);
  if (order.length === 1) {
    const rows = await followIndex(knex, query, contains);
    if (rows.length === limit || ALWAYS_THERE.has(order[0]!.field)) return rows;
  }
  return fetchPage(knex, byFields(query, contains), query);
}

/**
 * Follows the index of the first field. Only the entities that share the last of its values on this page may be more
 * than fit on the page: they are a page of their own, sorted by the other fields.
 */
async function pageByFields(knex: Knex, query: Part, contains: TextSearchFunction): Promise<PageRow[]> {
  const { limit, position, backwards, order, group = [] } = query;
  const [{ field }, ...rest] = order as [OrderField, ...OrderField[]];
  if (rest.length === 0) return pageByField(knex, query, contains);
  const rows: PageRow[] = [];
  const addGroup = async (value: string | null, from?: PagePosition) => {
    if (rows.length >= limit || (value === null && ALWAYS_THERE.has(field))) return;
    const part = { ...query, order: rest, limit: limit - rows.length, position: from };
    const found = await pageByFields(knex, { ...part, group: [...group, { field, value }] }, contains);
    rows.push(...found.map(row => ({ ...row, values: [value, ...row.values] })));
  };
  const [value, ...others] = position?.values ?? [];
  if (position) await addGroup(value!, { ...position, values: others });
  else if (backwards) await addGroup(null);
  if (rows.length < limit && (backwards || value !== null)) {
    const left = { ...query, limit: limit - rows.length };
    const next = await wholeGroups(knex, left, contains, value ?? undefined);
    rows.push(...next.rows);
    if (next.cutOff !== undefined) await addGroup(next.cutOff);
  }
  if (!backwards && value !== null) await addGroup(null);
  return rows;
}

/**
 * The entities with a value after this one, as far as all entities with their value fit on the page. `cutOff` is the
 * value with which the page ends, whose entities are left out.
 */
async function wholeGroups(
  knex: Knex,
  query: Part,
  contains: TextSearchFunction,
  after: string | undefined,
): Promise<{ rows: PageRow[]; cutOff: string | undefined }> {
  const { limit, backwards, order } = query;
  const first = { ...query, order: [order[0]!] };
  const position =
    after === undefined ? undefined : { values: [after], id: idsDescend(first) ? 0 : AFTER_ALL_IDS };
  const heads = await followIndex(knex, { ...first, position }, contains);
  const cutOff = heads.length === limit ? heads.at(-1)!.values[0]! : undefined;
  const whole = heads.filter(({ values }) => values[0] !== cutOff).map(({ id }) => id);
  if (whole.length === 0) return { rows: [], cutOff };
  const ids = listTable(knex, 'whole', { id: 'integer' }, whole);
  const source = byFields({ order, backwards, limit }, contains, [
    { sql: 'e.id IN (SELECT CAST(id AS integer) FROM ?)', bindings: [ids] },
  ]);
  return { rows: await fetchPage(knex, source, { limit: whole.length }), cutOff };
}

/** Sorted by a single field: follows its index, then appends the entities that lack the field. */
async function pageByField(knex: Knex, query: Part, contains: TextSearchFunction): Promise<PageRow[]> {
  const { limit, position, backwards, order } = query;
  const inTail = position?.values[0] === null;
  const phases = backwards ? ['tail', 'index'] : ['index', 'tail'];
  if (position && inTail !== (phases[0] === 'tail')) phases.shift();
  const rows: PageRow[] = [];
  for (const phase of phases) {
    if (rows.length >= limit) break;
    if (phase === 'tail' && ALWAYS_THERE.has(order[0]!.field)) continue;
    const own = inTail === (phase === 'tail') ? position : undefined;
    const part = { ...query, position: own, limit: limit - rows.length };
    rows.push(
      ...(phase === 'index'
        ? await followIndex(knex, part, contains)
        : await fetchPage(knex, alongIds(part, contains, order[0]!.field), part)),
    );
  }
  return rows;
}

/**
 * PostgreSQL takes conditions to be independent. Where they exclude each other, it would look for entities along the
 * whole index, so few entities that meet several conditions are found first, and then sorted.
 */
async function followIndex(knex: Knex, query: Part, contains: TextSearchFunction): Promise<PageRow[]> {
  const { condition, group, countAll } = query;
  if (group || !maySurprise(condition)) return fetchPage(knex, alongIndex(query, contains), query);
  const count = countAll ? await countAll() : await countUpTo(knex, condition, FEW + 1);
  if (count === 0) return [];
  return fetchPage(knex, (count > FEW ? alongIndex : findFirst)(query, contains), query);
}

/** Texts and long conditions are looked for in all entities at once anyway. */
function maySurprise(condition: EntityCondition | undefined): boolean {
  if (condition === undefined || !('all' in condition) || condition.all.length < 2) return false;
  return !isLong(condition) && partsOf(condition).every(part => !('text' in part));
}
