// Lets signs of life be written without touching an index: of running tasks they come every two seconds.
import type { Knex } from 'knex';

const index = 'scaffolder_tasks_status_idx';

/** What is stale is looked for among tasks that have not ended, of which there are few. */
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
