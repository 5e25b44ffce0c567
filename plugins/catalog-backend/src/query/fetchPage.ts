// Reads a page whose entities a statement finds and puts in order without reading the entities themselves.
import type { Knex } from 'knex';
import { rowsOf } from '../database/valuesTable';
import { allSql, type SqlPart } from './conditionSql';
import { type EntityText, entityTextColumn } from './EntityText';
import type { PageQuery, PageRow } from './PageQuery';

/** How a statement finds the entities of a page. */
export interface PageSource {
  readonly from: string;
  /** What stands for the question marks in `from`. */
  readonly joined?: readonly string[];
  /** The expression of an entity's id. */
  readonly id: string;
  /** The expressions of its values of the order fields. */
  readonly values: readonly string[];
  readonly where: readonly SqlPart[];
  /** The order, given how the values and the id are called. */
  orderBy(values: readonly string[], id: string): string;
}

type Row = { id: number; entity: EntityText } & Record<`v${number}`, string | null>;

/** Entities are long, and far more of them may be looked at than a page has: only those of the page are read. */
export async function fetchPage(
  knex: Knex,
  { from, joined = [], id, values, where, orderBy }: PageSource,
  { limit, offset }: Pick<PageQuery, 'limit' | 'offset'>,
): Promise<PageRow[]> {
  const names = values.map((_, index) => `v${index}`);
  const columns = [`${id} AS id`, ...values.map((value, index) => `${value} AS v${index}`)];
  const conditions = allSql(where);
  const found = `SELECT ${columns.join(', ')} FROM ${from} WHERE ${conditions.sql}
    ORDER BY ${orderBy(values, id)}
    LIMIT CAST(? AS bigint)${offset ? ' OFFSET CAST(? AS bigint)' : ''}`;
  const order = orderBy(
    names.map(name => `page.${name}`),
    'page.id',
  );
  const rows = rowsOf<Row>(
    await knex.raw(
      `SELECT ${['page.id', ...names, entityTextColumn(knex)].join(', ')} FROM (${found}) AS page
       JOIN catalog_entities e ON e.id = page.id ORDER BY ${order}`,
      [...joined, ...conditions.bindings, String(limit), ...(offset ? [String(offset)] : [])],
    ),
  );
  return rows.map(row => ({
    id: row.id,
    entity: row.entity,
    values: names.map((_, index) => row[`v${index}`] ?? null),
  }));
}
