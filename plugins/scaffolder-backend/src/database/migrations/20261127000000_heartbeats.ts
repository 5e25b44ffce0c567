// Takes heartbeats out of the index, because every running task writes one every two seconds.
import type { Knex } from 'knex';

const index = 'scaffolder_tasks_status_idx';

/** The status alone is enough to find stale tasks, because few tasks are open or running at a time. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('scaffolder_tasks', table => {
    table.dropIndex([], index);
    table.index(['status'], index);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('scaffolder_tasks', table => {
    table.dropIndex([], index);
    table.index(['status', 'last_heartbeat_at'], index);
  });
}
