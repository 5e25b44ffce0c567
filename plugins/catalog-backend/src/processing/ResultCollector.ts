// Collects what processors emit for an entity.
import type { Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  stringifyEntityRef,
  stringifyLocationRef,
} from '@greenroom/plugin-catalog-node/internal';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import {
  type CatalogProcessorEntityResult,
  type CatalogProcessorRelationResult,
  type CatalogProcessorResult,
  type IngestionRefusal,
  locationSpecToLocationEntity,
} from '@greenroom/plugin-catalog-node';
import { toError } from '@backstage/errors';
import { DocumentError } from '../ingestion/DocumentError';
import { describePlace, linesOfEntity, type Place, placeOf, rememberLines } from '../ingestion/DocumentLines';
import { plausibleRef } from '../ingestion/parseEntityFile';
import type { CatalogRules } from '../locations/CatalogRules';
import { findForeignShape } from '../validation/EntityValidator';
import type { ProcessingProblem, StoredRelation } from './ProcessingResult';
import { storableKey, storableRefreshKey } from './storable';
import { toUnprocessed, type UnprocessedEntity } from './UnprocessedEntity';

/** Refuses children that can't be stored or are not allowed. */
export class ResultCollector {
  readonly relations: StoredRelation[] = [];
  readonly refreshKeys = new Set<string>();
  readonly problems: ProcessingProblem[] = [];
  /** References of locations that could not be read completely. */
  readonly unread = new Set<string>();
  readonly #children = new Map<string, { child: UnprocessedEntity; place: Place }>();
  readonly #origin: LocationSpec;
  readonly #rules: CatalogRules;
  readonly #parent: Entity;

  constructor(parent: Entity, origin: LocationSpec, rules: CatalogRules) {
    this.#parent = parent;
    this.#origin = origin;
    this.#rules = rules;
  }

  /** The result for an entity that is accepted. */
  result() {
    return {
      children: Array.from(this.#children.values(), ({ child }) => child),
      unread: [...this.unread],
      relations: this.relations,
      refreshKeys: [...this.refreshKeys],
      problems: this.problems,
    };
  }

  /** Passed to processors without binding. */
  readonly emit = (result: CatalogProcessorResult): void => {
    switch (result.type) {
      case 'entity':
        return this.#addChild(result);
      case 'location':
        return this.#addChild({
          type: 'entity',
          location: result.location,
          entity: locationSpecToLocationEntity({ location: result.location, parentEntity: this.#parent }),
        });
      case 'relation':
        return this.#addRelation(result.relation);
      case 'refresh':
        return void this.refreshKeys.add(storableRefreshKey(result.key));
      case 'error':
        return this.addUnread(toError(result.error), result.location);
      default:
        throw new TypeError(`A processor emitted '${String((result as { type: unknown }).type)}'`);
    }
  };

  /** Records an error of a location. Earlier children from there stay, unless the error is that it no longer exists. */
  addUnread(error: Error, location: LocationSpec): void {
    if (error.name !== 'NotFoundError') this.unread.add(stringifyLocationRef(location));
    this.addError(error, location);
  }

  /** Records an error of something that the processed entity leads to, or one that a processor has emitted for it. */
  addError(error: Error, location: LocationSpec): void {
    const own = !(error instanceof DocumentError);
    const { refusal, document } = own
      ? new DocumentError({ subject: 'location', file: location.target, reason: error.message })
      : error;
    const { name } = error;
    this.problems.push({ name, refusal, own, ...(document !== undefined && { document }) });
  }

  #addRelation({ source, type, target }: CatalogProcessorRelationResult['relation']): void {
    this.relations.push({
      sourceRef: storableKey(stringifyEntityRef(source)),
      type: storableKey(type),
      targetRef: storableKey(stringifyEntityRef(target)),
    });
  }

  #addChild({ entity, location, locationKey }: CatalogProcessorEntityResult): void {
    const foreign = findForeignShape(entity);
    if (foreign) {
      this.addError(new Error(`a processor emitted something that is ${foreign.reason}`), location);
      return;
    }
    const lines = linesOfEntity(entity);
    const place = placeOf(lines, [], location.target);
    const ref = stringifyEntityRef(entity);
    const earlier = this.#children.get(ref);
    const reason = earlier
      ? `'${ref}' is already defined at ${describePlace(earlier.place)}`
      : this.#rules.explainRefusal(entity, this.#origin);
    const refuse = (why: string) => {
      const entityRef = plausibleRef(entity);
      const refusal: IngestionRefusal = {
        subject: 'document',
        ...place,
        ...(entityRef && { entityRef }),
        reason: why,
      };
      this.addError(new DocumentError(refusal, entity), location);
    };
    if (reason !== undefined) return refuse(reason);
    const key = locationKey === undefined ? stringifyLocationRef(location) : locationKey;
    const annotated = withLocation(entity, location);
    if (lines) rememberLines(annotated, lines);
    try {
      const child = toUnprocessed(annotated, key, stringifyLocationRef(this.#origin));
      this.#children.set(ref, { child, place });
    } catch (error) {
      refuse((error as Error).message);
    }
  }
}

/** Removes the origin, which is stored separately and which a document must not claim. */
function withLocation(entity: Entity, location: LocationSpec): Entity {
  const { [ANNOTATION_ORIGIN_LOCATION]: _, ...annotations } = entity.metadata.annotations ?? {};
  return {
    ...entity,
    metadata: {
      ...entity.metadata,
      annotations: { ...annotations, [ANNOTATION_LOCATION]: stringifyLocationRef(location) },
    },
  };
}
