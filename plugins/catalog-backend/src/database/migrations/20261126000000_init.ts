// The tables of the first release.
import type { Knex } from 'knex';

/**
 * Strings are compared byte by byte in every database, so that sort orders and cursors agree. In SQLite, a table
 * `WITHOUT ROWID` is stored in the index of its primary key.
 */
export async function up(knex: Knex): Promise<void> {
  const postgres = knex.client.config.client === 'pg';
  const text = postgres ? 'text COLLATE "C"' : 'text';
  // Ids are never reused, because an entity that is still served under an old id may be waiting for its removal.
  const identity = postgres
    ? 'integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY'
    : 'integer PRIMARY KEY AUTOINCREMENT';
  const clustered = postgres ? '' : 'WITHOUT ROWID';

  const statements = [
    // Entities as providers and parents supplied them, and the results of processing them.
    `CREATE TABLE catalog_refresh_state (
      id ${identity},
      uid ${text} NOT NULL,
      entity_ref ${text} NOT NULL UNIQUE,
      location_key ${text},
      unprocessed ${text} NOT NULL,
      unprocessed_hash ${text} NOT NULL,
      lines ${text},
      origin ${text},
      pipeline ${text},
      processed ${text},
      result_hash ${text},
      errors ${text},
      cache ${text},
      due_at bigint NOT NULL,
      claim ${text}
    )`,
    'CREATE INDEX catalog_refresh_state_due ON catalog_refresh_state (due_at, id)',
    // Where an entity comes from: 'provider:<name>' or 'entity:<ref>'.
    `CREATE TABLE catalog_references (
      source ${text} NOT NULL,
      target_ref ${text} NOT NULL,
      PRIMARY KEY (source, target_ref)
    ) ${clustered}`,
    'CREATE INDEX catalog_references_target ON catalog_references (target_ref, source)',
    // Relations, stored with the entity whose processing produced them.
    `CREATE TABLE catalog_relations (
      origin_id integer NOT NULL,
      source_ref ${text} NOT NULL,
      type ${text} NOT NULL,
      target_ref ${text} NOT NULL,
      PRIMARY KEY (origin_id, source_ref, type, target_ref)
    ) ${clustered}`,
    'CREATE INDEX catalog_relations_source ON catalog_relations (source_ref, type, target_ref)',
    `CREATE TABLE catalog_refresh_keys (
      key ${text} NOT NULL,
      entity_id integer NOT NULL,
      PRIMARY KEY (key, entity_id)
    ) ${clustered}`,
    'CREATE INDEX catalog_refresh_keys_entity ON catalog_refresh_keys (entity_id)',
    `CREATE TABLE catalog_stitch_queue (entity_ref ${text} PRIMARY KEY) ${clustered}`,
    // The entities that are served.
    `CREATE TABLE catalog_entities (
      id integer PRIMARY KEY,
      uid ${text} NOT NULL UNIQUE,
      entity_ref ${text} NOT NULL UNIQUE,
      etag ${text} NOT NULL,
      entity ${text} NOT NULL
    )`,
    // The search index: a field and one of its values in lower case. `original` is null if there is no value to
    // compare with. Position 0 is the value that the entity is sorted by.
    `CREATE TABLE catalog_search (
      key ${text} NOT NULL,
      value ${text} NOT NULL,
      entity_id integer NOT NULL,
      original ${text},
      position smallint NOT NULL,
      PRIMARY KEY (key, value, entity_id)
    ) ${clustered}`,
    'CREATE INDEX catalog_search_entity ON catalog_search (entity_id, key)',
    // Values depend on their keys. Assuming they are independent, PostgreSQL takes a common value of a field to be so
    // rare that it reads and sorts thousands of entities, when reading some dozens in order would fill the page.
    ...(postgres
      ? ['CREATE STATISTICS catalog_search_fields (ndistinct, mcv) ON key, value FROM catalog_search']
      : []),
    // Incremented with every change of what is served.
    'CREATE TABLE catalog_revision (revision bigint NOT NULL)',
    'INSERT INTO catalog_revision VALUES (0)',
    `CREATE TABLE catalog_locations (
      id ${text} PRIMARY KEY,
      type ${text} NOT NULL,
      target ${text} NOT NULL,
      UNIQUE (type, target)
    ) ${clustered}`,
  ];
  for (const statement of statements) await knex.raw(statement);
}

export async function down(knex: Knex): Promise<void> {
  const tables = ['refresh_state', 'references', 'relations', 'refresh_keys', 'stitch_queue', 'entities'];
  for (const table of [...tables, 'search', 'revision', 'locations']) {
    await knex.schema.dropTable(`catalog_${table}`);
  }
}
