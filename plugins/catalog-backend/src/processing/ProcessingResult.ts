// What the processing of one entity gives.
import type { Entity } from '@backstage/catalog-model';
import type { JsonObject } from '@backstage/types';
import type { EntityRelationSpec, IngestionRefusal } from '@greenroom/plugin-catalog-node';
import type { UnprocessedEntity } from './UnprocessedEntity';

/** Something that went wrong, in a form that can be stored. */
export interface ProcessingProblem {
  readonly name: string;
  readonly refusal: IngestionRefusal;
  /** Whether the processed entity itself is at fault, rather than a document that it leads to. */
  readonly own: boolean;
  /** The document at fault, where that is not the processed entity. */
  readonly document?: unknown;
}

export interface ProcessingResult {
  /** Absent where the entity is refused; what it gave before stays then. */
  readonly entity?: Entity;
  readonly children: readonly UnprocessedEntity[];
  /** References of the locations that could not be read, or not all of them: earlier children from there stay. */
  readonly unread: readonly string[];
  readonly relations: readonly EntityRelationSpec[];
  readonly refreshKeys: readonly string[];
  readonly problems: readonly ProcessingProblem[];
  readonly cache: JsonObject;
  /** Whether the result depends on more than the entity, so that it has to be made again from time to time. */
  readonly external: boolean;
}
