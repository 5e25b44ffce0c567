// Turns what a caller may see of the tasks into a condition of a query.
import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import type { Knex } from 'knex';

/** A field of a task, and what it may be; without `values` it only has to be there. */
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

/** Adds the condition to `builder`. A field that tasks do not have matches none. */
export function applyTaskFilter(builder: Knex.QueryBuilder, criteria: PermissionCriteria<TaskFilter>): void {
  if ('allOf' in criteria) {
    for (const part of criteria.allOf) builder.andWhere(inner => applyTaskFilter(inner, part));
  } else if ('anyOf' in criteria) {
    builder.andWhere(anyOf => {
      for (const part of criteria.anyOf) anyOf.orWhere(inner => applyTaskFilter(inner, part));
    });
  } else if ('not' in criteria) {
    builder.whereNot(inner => applyTaskFilter(inner, criteria.not));
  } else {
    const { key, values } = criteria as TaskFilter;
    const column = Object.hasOwn(columns, key) ? columns[key] : undefined;
    if (column === undefined || values?.length === 0) builder.whereRaw('1 = 0');
    else if (!values) builder.whereNotNull(column);
    else {
      // Coalesced, because of a column without a value neither `in` nor `not in` would be true.
      builder.whereRaw(`coalesce(??, '') in (${values.map(() => '?').join(', ')})`, [column, ...values]);
    }
  }
}
