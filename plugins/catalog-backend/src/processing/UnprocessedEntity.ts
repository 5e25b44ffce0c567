// An entity as its source supplied it, prepared for storage.
import { createHash } from 'node:crypto';
import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@greenroom/plugin-catalog-node/internal';
import { linesOfEntity } from '../ingestion/DocumentLines';
import { storableJson, storableKey } from './storable';

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

/** Requires an entity with a kind and a name. Throws a `TypeError` if it can't be stored. */
export function toUnprocessed(
  entity: Entity,
  locationKey: string | null,
  origin: string | null = null,
): UnprocessedEntity {
  const json = storableJson(entity);
  storableJson(locationKey);
  const known = linesOfEntity(entity);
  const lines = known ? JSON.stringify(known) : null;
  const hash = createHash('sha1')
    .update(json)
    .update(lines ?? '')
    .digest('hex');
  return { ref: storableKey(stringifyEntityRef(entity)), locationKey, json, lines, origin, hash };
}
