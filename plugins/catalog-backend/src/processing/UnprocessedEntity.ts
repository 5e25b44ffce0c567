// An entity as its source supplied it, prepared for storage.
import { createHash } from 'node:crypto';
import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@greenroom/plugin-catalog-node/internal';
import { linesOfEntity } from '../ingestion/DocumentLines';

/** What is stored of an entity before it is processed. */
export interface UnprocessedEntity {
  readonly ref: string;
  /** Which source may update the entity; `null` lets any source with a key take it over. */
  readonly locationKey: string | null;
  readonly json: string;
  /** The line numbers of its fields, as JSON. */
  readonly lines: string | null;
  /** The location that the entity originally comes from. Not hashed, because there may be several ways to an entity. */
  readonly origin: string | null;
  /** Changes with the content. */
  readonly hash: string;
}

/** Requires an entity with a kind and a name. Anything else can't be stored at all. */
export function toUnprocessed(
  entity: Entity,
  locationKey: string | null,
  origin: string | null = null,
): UnprocessedEntity {
  const json = JSON.stringify(entity);
  if (json.includes('\\u0000')) throw new TypeError('a text must not contain the character NUL');
  const known = linesOfEntity(entity);
  const lines = known ? JSON.stringify(known) : null;
  const hash = createHash('sha1')
    .update(json)
    .update(lines ?? '')
    .digest('hex');
  return { ref: stringifyEntityRef(entity), locationKey, json, lines, origin, hash };
}
