// Counts the entities that meet a condition.
import type { Knex } from 'knex';
import { rowsOf } from '../database/valuesTable';
import { allSql, textSearchFunction } from './conditionSql';
import type { EntityCondition } from './EntityCondition';
import { splitDriver } from './splitDriver';

export function countEntities(knex: Knex, condition: EntityCondition | undefined): Promise<number> {
  const { from, sql, bindings } = matches(knex, condition);
  return count(knex, `${from} WHERE ${sql}`, bindings);
}

/** Stops at `most`. */
export function countUpTo(knex: Knex, condition: EntityCondition | undefined, most: number): Promise<number> {
  const { from, sql, bindings } = matches(knex, condition);
  return count(knex, `(SELECT 1 FROM ${from} WHERE ${sql} LIMIT ${most}) AS matching`, bindings);
}

function matches(knex: Knex, condition: EntityCondition | undefined) {
  const { from, where } = splitDriver(condition, textSearchFunction(knex));
  return { from, ...allSql(where) };
}

async function count(knex: Knex, from: string, bindings: ReadonlyArray<string | Knex.Raw>): Promise<number> {
  const [row] = rowsOf<{ count: number | string }>(
    await knex.raw(`SELECT count(*) AS count FROM ${from}`, [...bindings]),
  );
  return Number(row?.count ?? 0);
}
