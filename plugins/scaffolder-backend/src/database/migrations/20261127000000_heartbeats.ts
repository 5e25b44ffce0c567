// Takes heartbeats out of the index, because every running task writes one every two seconds.
import { whileUnused } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';

/** The status alone is enough to find stale tasks, because few tasks are open or running at a time. */
export function up(knex: Knex): Promise<void> {
  return replaceIndex(knex, ['status']);
}

export function down(knex: Knex): Promise<void> {
  return replaceIndex(knex, ['status', 'last_heartbeat_at']);
}

function replaceIndex(knex: Knex, columns: string[]): Promise<void> {
  const index = 'scaffolder_tasks_status_idx';
  return whileUnused(knex, tx =>
    tx.schema.alterTable('scaffolder_tasks', table => {
      table.dropIndex([], index);
      table.index(columns, index);
    }),
  );
}
