// Reads one page of entities, in an order, from a position on.
import type { Knex } from 'knex';
import { isPostgres, rowsOf } from '../database/valuesTable';
import { conditionSql, fieldSql, type SqlPart, type TextSearchFunction } from './conditionSql';
import type { EntityCondition, FieldCondition } from './EntityCondition';

/** A field to order by, in lower case; entities without it come last, whatever the direction. */
export interface OrderField {
  readonly field: string;
  readonly order: 'asc' | 'desc';
}

/** An entity's place in an order: its values of the order fields, and its id where these are equal. */
export interface PagePosition {
  readonly values: ReadonlyArray<string | null>;
  readonly id: number;
}

/** Which entities to read. */
export interface PageQuery {
  readonly condition?: EntityCondition | undefined;
  /** Without any, entities come in the order in which they came into the catalog. */
  readonly order: readonly OrderField[];
  readonly limit: number;
  readonly offset?: number | undefined;
  /** Reads what comes after it, or before it with `backwards`. */
  readonly position?: PagePosition | undefined;
  readonly backwards?: boolean | undefined;
}

/** An entity as the text that is stored. */
export interface PageRow extends PagePosition {
  readonly entity: string;
}

/** With `backwards` the rows come in reverse. */
export async function selectPage(knex: Knex, query: PageQuery): Promise<PageRow[]> {
  const contains = isPostgres(knex) ? 'strpos' : 'instr';
  if (query.order.length === 0) return select(knex, byId(query, contains), 0);
  if (query.order.length > 1 || query.offset)
    return select(knex, byFields(query, contains), query.order.length);
  return selectByField(knex, query, contains);
}

interface RawRow {
  id: number;
  entity: string;
  [value: `v${number}`]: string | null;
}

async function select(knex: Knex, { sql, bindings }: SqlPart, fields: number): Promise<PageRow[]> {
  const rows = rowsOf<RawRow>(await knex.raw(sql, bindings as string[]));
  return rows.map(row => ({
    id: row.id,
    entity: row.entity,
    values: Array.from({ length: fields }, (_, index) => row[`v${index}`] ?? null),
  }));
}

/** Follows the index of one of the conditions where there is one: its entries are in this very order. */
function byId(
  { condition, limit, offset, position, backwards }: PageQuery,
  contains: TextSearchFunction,
): SqlPart {
  const { driver, rest } = splitDriver(condition);
  const from = driver
    ? 'catalog_search d JOIN catalog_entities e ON e.id = d.entity_id'
    : 'catalog_entities e';
  const id = driver ? 'd.entity_id' : 'e.id';
  const parts = [
    ...(driver ? [fieldSql(driver, 'd')] : []),
    ...rest.map(part => conditionSql(part, id, contains)),
    ...(position
      ? [{ sql: `${id} ${backwards ? '<' : '>'} CAST(? AS integer)`, bindings: [String(position.id)] }]
      : []),
  ];
  return finish('e.id, e.entity', from, parts, `${id} ${backwards ? 'DESC' : 'ASC'}`, limit, offset);
}

/** Of conditions that all have to be met, one that a single stretch of the index answers, and the others. */
export function splitDriver(condition: EntityCondition | undefined): {
  driver?: FieldCondition;
  rest: readonly EntityCondition[];
} {
  if (!condition) return { rest: [] };
  const parts = 'all' in condition ? condition.all : [condition];
  const candidates = parts.filter(
    (part): part is FieldCondition => 'key' in part && part.values?.length === 1,
  );
  // Kinds are the least selective of all.
  const driver = candidates.find(({ key }) => key !== 'kind') ?? candidates[0];
  if (!driver) return { rest: parts };
  return { driver, rest: parts.filter(part => part !== driver) };
}

/** One field: along its index, entities that have it first, then those without it. */
async function selectByField(knex: Knex, query: PageQuery, contains: TextSearchFunction): Promise<PageRow[]> {
  const { limit, position, backwards } = query;
  const inTail = position !== undefined && position.values[0] === null;
  const phases = backwards ? ['tail', 'index'] : ['index', 'tail'];
  const rows: PageRow[] = [];
  for (const phase of phases) {
    if (rows.length >= limit) break;
    if (position && phase === 'index' && inTail && !backwards) continue;
    if (position && phase === 'tail' && !inTail && backwards) continue;
    const from = position && inTail === (phase === 'tail') ? position : undefined;
    const part = { ...query, limit: limit - rows.length, position: from };
    if (phase === 'index') rows.push(...(await select(knex, alongIndex(part, contains), 1)));
    else rows.push(...(await select(knex, withoutField(part, contains), 1)));
  }
  return rows;
}

function alongIndex(
  { condition, order, limit, position, backwards }: PageQuery,
  contains: TextSearchFunction,
): SqlPart {
  const { field, order: direction } = order[0]!;
  const forwards = (direction === 'asc') !== Boolean(backwards);
  const parts: SqlPart[] = [{ sql: 'o.key = ? AND o.position = 0', bindings: [field] }];
  if (position) {
    const sql = `(o.value, o.entity_id) ${forwards ? '>' : '<'} (?, CAST(? AS integer))`;
    parts.push({ sql, bindings: [position.values[0]!, String(position.id)] });
  }
  parts.push(...filterAlong(condition, field, contains));
  const from = 'catalog_search o JOIN catalog_entities e ON e.id = o.entity_id';
  const way = forwards ? 'ASC' : 'DESC';
  return finish('e.id, e.entity, o.value AS v0', from, parts, `o.value ${way}, o.entity_id ${way}`, limit);
}

/** Fields with one value at most, so that the row by which an entity is sorted is all there is of them. */
const SINGLE_VALUED = new Set(['kind', 'metadata.name', 'metadata.namespace', 'metadata.title']);

/** A text is looked for in the very rows that the order goes along, where it is about that field alone. */
function filterAlong(
  condition: EntityCondition | undefined,
  field: string,
  contains: TextSearchFunction,
): SqlPart[] {
  const parts = condition === undefined ? [] : 'all' in condition ? condition.all : [condition];
  return parts.map(part => {
    const direct = 'text' in part && SINGLE_VALUED.has(field) && part.fields.every(name => name === field);
    if (direct) return { sql: `${contains}(o.value, ?) > 0`, bindings: [part.text] };
    return conditionSql(part, 'o.entity_id', contains);
  });
}

function withoutField({ order, condition, ...query }: PageQuery, contains: TextSearchFunction): SqlPart {
  const field = order[0]!.field;
  const sql =
    'NOT EXISTS (SELECT 1 FROM catalog_search o WHERE o.key = ? AND o.position = 0 AND o.entity_id = e.id)';
  const parts: SqlPart[] = [{ sql, bindings: [field] }];
  if (condition) parts.push(conditionSql(condition, 'e.id', contains));
  const { position, backwards } = query;
  if (position)
    parts.push({ sql: `e.id ${backwards ? '<' : '>'} CAST(? AS integer)`, bindings: [String(position.id)] });
  return finish(
    'e.id, e.entity',
    'catalog_entities e',
    parts,
    `e.id ${backwards ? 'DESC' : 'ASC'}`,
    query.limit,
  );
}

/** Several fields, or an offset: the database sorts. */
function byFields(
  { condition, order, limit, offset, position, backwards }: PageQuery,
  contains: TextSearchFunction,
): SqlPart {
  const joins = order.map(
    (_, index) =>
      `LEFT JOIN catalog_search o${index} ON o${index}.entity_id = e.id AND o${index}.key = ? AND o${index}.position = 0`,
  );
  const from = { sql: ['catalog_entities e', ...joins].join(' '), bindings: order.map(({ field }) => field) };
  const parts = [
    ...(condition ? [conditionSql(condition, 'e.id', contains)] : []),
    ...(position ? [beyond(order, position, Boolean(backwards))] : []),
  ];
  const columns = ['e.id', 'e.entity', ...order.map((_, index) => `o${index}.value AS v${index}`)].join(', ');
  const orderBy = order.flatMap(({ order: direction }, index) => {
    const ascending = (direction === 'asc') !== Boolean(backwards);
    return [
      `(o${index}.value IS NULL) ${backwards ? 'DESC' : 'ASC'}`,
      `o${index}.value ${ascending ? 'ASC' : 'DESC'}`,
    ];
  });
  const by = [...orderBy, `e.id ${backwards ? 'DESC' : 'ASC'}`].join(', ');
  return finish(columns, from, parts, by, limit, offset);
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
      terms.push(`e.id ${backwards ? '<' : '>'} CAST(? AS integer)`);
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

function finish(
  columns: string,
  from: string | SqlPart,
  parts: readonly SqlPart[],
  orderBy: string,
  limit: number,
  offset?: number,
): SqlPart {
  const table = typeof from === 'string' ? { sql: from, bindings: [] } : from;
  const where = parts.length > 0 ? ` WHERE ${parts.map(({ sql }) => sql).join(' AND ')}` : '';
  const page = ` LIMIT CAST(? AS integer)${offset ? ' OFFSET CAST(? AS integer)' : ''}`;
  return {
    sql: `SELECT ${columns} FROM ${table.sql}${where} ORDER BY ${orderBy}${page}`,
    bindings: [
      ...table.bindings,
      ...parts.flatMap(({ bindings }) => bindings),
      String(limit),
      ...(offset ? [String(offset)] : []),
    ],
  };
}
