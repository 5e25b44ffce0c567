// The result of processing an entity.
import type { Entity } from '@backstage/catalog-model';
import type { JsonObject } from '@backstage/types';
import type { EntityRelationSpec, IngestionRefusal } from '@greenroom/plugin-catalog-node';
import type { UnprocessedEntity } from './UnprocessedEntity';

/** A problem, in a form that can be stored. */
export interface ProcessingProblem {
  readonly name: string;
  readonly refusal: IngestionRefusal;
  /** Whether the processed entity itself is at fault, rather than a document that it leads to. */
  readonly own: boolean;
  /** The document at fault, if it is not the processed entity. */
  readonly document?: unknown;
}

export interface ProcessingResult {
  /** Undefined if the entity was refused, in which case its previous result stays. */
  readonly entity?: Entity;
  readonly children: readonly UnprocessedEntity[];
  /** References of locations that could not be read completely. Earlier children from there stay. */
  readonly unread: readonly string[];
  readonly relations: readonly EntityRelationSpec[];
  readonly refreshKeys: readonly string[];
  readonly problems: readonly ProcessingProblem[];
  readonly cache: JsonObject;
  /** Whether the result depends on more than the entity, so that it has to be recomputed from time to time. */
  readonly external: boolean;
}
