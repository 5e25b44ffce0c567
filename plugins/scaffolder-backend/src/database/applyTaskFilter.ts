// Turns the permission criteria of a caller into a query condition.
import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import type { Knex } from 'knex';

/** A field of a task with its allowed values. Without `values` the field only has to be set. */
export interface TaskFilter {
  readonly key: string;
  readonly values?: string[];
}

const columns: Record<string, string> = {
  createdBy: 'created_by',
  created_by: 'created_by',
  status: 'status',
  id: 'id',
};

/** Adds the condition to `builder`. An unknown field matches no task, and neither does an empty `anyOf`. */
export function applyTaskFilter(builder: Knex.QueryBuilder, criteria: PermissionCriteria<TaskFilter>): void {
  const { sql, bindings } = conditionOf(criteria);
  builder.whereRaw(sql, bindings);
}

/** An SQL expression that is true or false for every task, never null, with the bindings of its placeholders. */
interface Condition {
  readonly sql: string;
  readonly bindings: string[];
}

const nothing: Condition = { sql: '1 = 0', bindings: [] };

function conditionOf(criteria: PermissionCriteria<TaskFilter>): Condition {
  if ('allOf' in criteria) return join(criteria.allOf, ' and ', '1 = 1');
  if ('anyOf' in criteria) return join(criteria.anyOf, ' or ', nothing.sql);
  if ('not' in criteria) {
    const { sql, bindings } = conditionOf(criteria.not);
    return { sql: `not (${sql})`, bindings };
  }
  const { key, values } = criteria as TaskFilter;
  const column = Object.hasOwn(columns, key) ? columns[key] : undefined;
  if (column === undefined || values?.length === 0) return nothing;
  if (!values) return { sql: '?? is not null', bindings: [column] };
  // For a null column, neither `in` nor `not in` would be true.
  const marks = values.map(() => '?').join(', ');
  return { sql: `(?? is not null and ?? in (${marks}))`, bindings: [column, column, ...values] };
}

function join(
  parts: ReadonlyArray<PermissionCriteria<TaskFilter>>,
  operator: string,
  none: string,
): Condition {
  const conditions = parts.map(conditionOf);
  if (conditions.length === 0) return { sql: none, bindings: [] };
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(operator)})`,
    bindings: conditions.flatMap(({ bindings }) => bindings),
  };
}
