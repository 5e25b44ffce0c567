// Fetches a page: finds and sorts the ids first, and only then reads the entities.
import type { Knex } from 'knex';
import { rowsOf } from '../database/valuesTable';
import { allSql, type SqlPart } from './conditionSql';
import { type EntityText, entityTextColumn } from './EntityText';
import type { PageQuery, PageRow } from './PageQuery';

/** How to find the entities of a page. */
export interface PageSource {
  readonly from: string;
  /** The bindings of the placeholders in `from`. */
  readonly joined?: SqlPart['bindings'];
  /** The expression for the id of an entity. */
  readonly id: string;
  /** The expressions for the values of its order fields. */
  readonly values: readonly string[];
  readonly where: readonly SqlPart[];
  /** The ORDER BY clause, given the names of the values and the id. */
  orderBy(values: readonly string[], id: string): string;
}

type Row = { id: number; entity: EntityText } & Record<`v${number}`, string | null>;

/** Entities are large, and many more may be searched than a page contains, so only those of the page are read. */
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
