// The initial tables: tasks, their events, their progress, and their workspaces.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('scaffolder_tasks', table => {
    table.comment('Tasks; all times are milliseconds since 1970 by the clock of the database');
    table.string('id', 36).primary();
    table.text('spec').notNullable().comment('What the task does, as JSON; holds no secrets');
    table.string('status', 16).notNullable();
    table.text('created_by').nullable().comment('Reference of the user, or subject of the service');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('last_heartbeat_at').nullable().comment('Last sign of life of the holder');
    table.bigInteger('ended_at').nullable();
    table.string('holder', 64).nullable().comment('The instance that runs the task');
    table.boolean('cancel_requested').notNullable().defaultTo(false);
    table.integer('interruptions').notNullable().defaultTo(0).comment('How often its holder was lost');
    table
      .integer('resumptions')
      .notNullable()
      .defaultTo(0)
      .comment('How often it was retried or handed over');
    table.string('initiator', 16).notNullable().comment('Type of principal on whose behalf it runs');
    table.text('sealed').nullable().comment('Secrets and token of the initiator, encrypted; null once ended');
    table.text('secret_names').notNullable().comment('Names of the secrets, as JSON');
    table.text('action_decision').nullable().comment('Which actions it may run, as JSON; null for all');
    table.index(['created_by', 'created_at'], 'scaffolder_tasks_created_by_idx');
    table.index(['created_at'], 'scaffolder_tasks_created_at_idx');
    table.index(['status', 'last_heartbeat_at'], 'scaffolder_tasks_status_idx');
  });
  await knex.schema.createTable('scaffolder_task_events', table => {
    table.comment('What happened in a task, in the order of the ids');
    table.bigIncrements('id');
    ofTask(table);
    table.string('type', 16).notNullable();
    table.text('body').notNullable().comment('JSON');
    table.bigInteger('created_at').notNullable();
    table.index(['task_id', 'id'], 'scaffolder_task_events_task_id_idx');
  });
  await knex.schema.createTable('scaffolder_task_progress', table => {
    table.comment('What a task goes on from: outputs of finished steps, values of checkpoints');
    ofTask(table);
    table.string('kind', 16).notNullable().comment('step or checkpoint');
    table.text('key').notNullable();
    table.text('value').notNullable().comment('JSON, encrypted where the task has secrets');
    table.primary(['task_id', 'kind', 'key']);
  });
  await knex.schema.createTable('scaffolder_task_workspaces', table => {
    table.comment('The files of a task as its last finished step left them');
    ofTask(table).primary();
    table.binary('archive').nullable().comment('A compressed archive; null where it was too large to keep');
  });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['workspaces', 'progress', 'events']) {
    await knex.schema.dropTable(`scaffolder_task_${table}`);
  }
  await knex.schema.dropTable('scaffolder_tasks');
}

function ofTask(table: Knex.CreateTableBuilder): Knex.ReferencingColumnBuilder {
  return table
    .string('task_id', 36)
    .notNullable()
    .references('id')
    .inTable('scaffolder_tasks')
    .onDelete('CASCADE');
}
