// The JSON of an entity as it is stored, on its way to a client.
import type { Entity } from '@backstage/catalog-model';
import type { Knex } from 'knex';
import { isPostgres } from '../database/valuesTable';

/** Bytes where the driver can give them, which go out without being decoded and encoded again; a string otherwise. */
export type EntityText = string | Buffer;

/** What a statement selects to have the text of the entity `e` as `entity`. */
export function entityTextColumn(knex: Knex): string {
  // The driver of PostgreSQL gets bytes in hexadecimal, which costs more than decoding does.
  return isPostgres(knex) ? 'e.entity' : 'CAST(e.entity AS BLOB) AS entity';
}

export function parseEntity(text: EntityText): Entity {
  return JSON.parse(text.toString()) as Entity;
}

/** What is sent more than once is encoded once. */
export function toBytes(text: EntityText): Buffer {
  return typeof text === 'string' ? Buffer.from(text) : text;
}
