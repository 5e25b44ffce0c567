// An entity as a source gave it, made ready to be stored.
import { createHash } from 'node:crypto';
import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@greenroom/plugin-catalog-node/internal';
import { linesOfEntity } from '../ingestion/DocumentLines';

/** What is stored of an entity before it is processed. */
export interface UnprocessedEntity {
  readonly ref: string;
  /** Who may claim the entity; `null` lets any source with a key take over. */
  readonly locationKey: string | null;
  readonly json: string;
  /** Where the parts of the entity stand in its file, as JSON. */
  readonly lines: string | null;
  /** The location at which the way to the entity began. Not content: an entity may be reached by several ways. */
  readonly origin: string | null;
  /** Tells contents apart. */
  readonly hash: string;
}

/** Takes an entity that has a kind and a name; anything else has no place in the catalog at all. */
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
