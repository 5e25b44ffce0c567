// The stored JSON of an entity, on its way to a client.
import type { Entity } from '@backstage/catalog-model';
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';

/** Bytes if the driver can return them, because they can be sent without decoding and encoding; a string otherwise. */
export type EntityText = string | Buffer;

/** The SQL column for the text of the entity `e`, named `entity`. */
export function entityTextColumn(knex: Knex): string {
  // PostgreSQL's driver receives bytes in hexadecimal, which costs more than decoding text.
  return isPostgres(knex) ? 'e.entity' : 'CAST(e.entity AS BLOB) AS entity';
}

export function parseEntity(text: EntityText): Entity {
  return JSON.parse(text.toString()) as Entity;
}

/** Text that is sent more than once is only encoded once. */
export function toBytes(text: EntityText): Buffer {
  return typeof text === 'string' ? Buffer.from(text) : text;
}
