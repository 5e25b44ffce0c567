// The first tables: entities as they are served, and their fields in a form to search.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('catalog_entities', table => {
    table.comment('The entities that the catalog serves');
    table
      .string('uid', 36)
      .primary()
      .comment('Stays with the entity reference for as long as that is in the catalog');
    table.text('entity_ref').notNullable().unique().comment('kind:namespace/name in lower case');
    table.string('etag', 40).notNullable().comment('Hash of the content, to tell what changed');
    table.text('entity').notNullable().comment('The whole entity as JSON');
  });
  await knex.schema.createTable('catalog_search', table => {
    table.comment('Fields of the entities: one row for each pair of key and value');
    table
      .string('entity_uid', 36)
      .notNullable()
      .references('uid')
      .inTable('catalog_entities')
      .onDelete('CASCADE');
    table.string('key', 200).notNullable().comment('Path of the field in lower case, joined by dots');
    table
      .string('value', 200)
      .nullable()
      .comment('Text in lower case; null where it is null or too long to search');
    table.index(['key', 'value'], 'catalog_search_key_value_idx');
    table.index(['entity_uid', 'key'], 'catalog_search_entity_uid_key_idx');
  });
  if (knex.client.config.client === 'pg') {
    // The same order on every installation, whatever its locale.
    await knex.raw('ALTER TABLE catalog_entities ALTER COLUMN entity_ref TYPE text COLLATE "C"');
    await knex.raw('ALTER TABLE catalog_search ALTER COLUMN value TYPE varchar(200) COLLATE "C"');
  }
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('catalog_search');
  await knex.schema.dropTable('catalog_entities');
}
