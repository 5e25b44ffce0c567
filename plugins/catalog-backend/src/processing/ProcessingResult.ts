// The result of processing an entity.
import type { IngestionRefusal } from '@greenroom/plugin-catalog-node';
import type { UnprocessedEntity } from './UnprocessedEntity';

/** A problem, in a form that can be stored. */
export interface ProcessingProblem {
  readonly name: string;
  readonly refusal: IngestionRefusal;
  /** Whether it is a problem of the processed entity itself, rather than of what it leads to. */
  readonly own: boolean;
  /** The document at fault, if it is not the processed entity. */
  readonly document?: unknown;
}

/** A relation with references as text. */
export interface StoredRelation {
  readonly sourceRef: string;
  readonly type: string;
  readonly targetRef: string;
}

export interface ProcessingResult {
  /** The entity as JSON; null if it was refused, in which case its previous result stays. */
  readonly processed: string | null;
  readonly children: readonly UnprocessedEntity[];
  /** References of locations that could not be read completely. Earlier children from there stay. */
  readonly unread: readonly string[];
  readonly relations: readonly StoredRelation[];
  /** As returned by `storableRefreshKey`. */
  readonly refreshKeys: readonly string[];
  readonly problems: readonly ProcessingProblem[];
  /** What processors keep, as JSON. */
  readonly cache: string;
  /** Whether the result depends on more than the entity, so that it has to be recomputed from time to time. */
  readonly external: boolean;
}
