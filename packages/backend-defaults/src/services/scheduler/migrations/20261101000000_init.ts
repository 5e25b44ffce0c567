// The table of global tasks: when each runs next, and which run holds its lease.
import type { Knex } from 'knex';
import { tasksTable } from '../tasksTable';

/** Times are milliseconds since 1970 by the database's clock. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable(tasksTable, table => {
    table.text('id').primary().comment('Unique within the plugin');
    table.text('cadence').notNullable().comment('A cron expression, an ISO duration or manual');
    table.bigInteger('next_run_at').nullable().comment('Empty for a manual task that nobody triggered');
    table.text('holder').nullable().comment('The run that has the lease; empty when there is none');
    table.bigInteger('expires_at').nullable().comment('When that lease runs out; empty when there is none');
    table.bigInteger('started_at').nullable().comment('When the current or the last run began');
    table.boolean('cancel_requested').notNullable().defaultTo(false);
    table.bigInteger('last_ended_at').nullable();
    table.text('last_error').nullable().comment('JSON; empty when the last run succeeded');
  });
}

/** Discards all times. */
export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable(tasksTable);
}
