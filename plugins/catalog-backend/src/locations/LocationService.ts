// The operations on registered locations.
import type { Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  stringifyEntityRef,
  stringifyLocationRef,
} from '@greenroom/plugin-catalog-node/internal';
import { InputError, NotFoundError } from '@backstage/errors';
import { describeIngestionRefusal, locationSpecToLocationEntity } from '@greenroom/plugin-catalog-node';
import { findUnfitValue } from '../ingestion/findUnfitValue';
import { fits } from '../processing/storable';
import type { EntityChanges } from '../processing/EntityChanges';
import { type ProcessingPipeline, readLocationRef } from '../processing/ProcessingPipeline';
import type { ProcessingResult } from '../processing/ProcessingResult';
import type { EntityCondition } from '../query/EntityCondition';
import type { EntityQueries } from '../query/EntityQueries';
import { parseEntity } from '../query/EntityText';
import { findForeignShape } from '../validation/EntityValidator';
import type { LocationInput, LocationStore, StoredLocation } from './LocationStore';

/** More entities suggest a mistake, and all of them would be in memory at once. */
const MAX_DRY_RUN_ENTITIES = 10_000;

/** PostgreSQL can't index much longer targets. */
const MAX_TARGET_BYTES = 2_000;

export interface LocationServiceOptions {
  readonly store: LocationStore;
  readonly changes: EntityChanges;
  readonly pipeline: ProcessingPipeline;
  /** The same pipeline, but without following Locations. */
  readonly validation: ProcessingPipeline;
  readonly queries: EntityQueries;
  readonly allowedTypes: readonly string[];
}

/** Registers, updates and tries out locations. */
export class LocationService {
  readonly store: LocationStore;
  readonly #options: LocationServiceOptions;

  constructor(options: LocationServiceOptions) {
    this.#options = options;
    this.store = options.store;
  }

  /** @throws a `ConflictError` if the location is already registered, unless `onConflict` is to refresh it */
  async add(input: LocationInput, onConflict: 'refresh' | 'reject'): Promise<StoredLocation> {
    this.#assertAllowed(input);
    if (onConflict === 'reject') return this.store.add(input);
    const existing = await this.store.findBy(input);
    const stored = await this.store.add(input, true);
    // A new one is processed anyway.
    if (existing) await this.#options.changes.refresh(stored.entityRef);
    return stored;
  }

  async update(id: string, input: LocationInput): Promise<StoredLocation> {
    this.#assertAllowed(input);
    return this.store.update(id, input);
  }

  /** Follows the location to its end without storing anything. @throws an `InputError` with the first problem */
  async tryOut(input: LocationInput) {
    this.#assertAllowed(input);
    const entity = locationSpecToLocationEntity({ location: input });
    const existing = await this.store.findBy(input);
    const entities: Entity[] = [];
    const found: Array<{ entity: Entity; origin?: string }> = [{ entity }];
    const keys = new Map<string, string | null>([[stringifyEntityRef(entity), stringifyLocationRef(input)]]);
    // Grows while it is iterated, by the children of each entity.
    for (const { entity: given, origin } of found) {
      if (entities.length >= MAX_DRY_RUN_ENTITIES)
        throw new InputError(`There are more than ${MAX_DRY_RUN_ENTITIES} entities`);
      const result = await processAnew(this.#options.pipeline, given, origin);
      const [problem] = result.problems;
      if (problem) throw new InputError(describeIngestionRefusal(problem.refusal));
      entities.push(JSON.parse(result.processed!) as Entity);
      for (const child of result.children) {
        const key = keys.get(child.ref);
        // An entity may be reached in several ways, but must not come from two different places.
        if (typeof key === 'string' && key !== child.locationKey)
          throw new InputError(`The entity '${child.ref}' is there twice, the first time from ${key}`);
        if (keys.has(child.ref)) continue;
        keys.set(child.ref, child.locationKey);
        const childEntity = JSON.parse(child.json) as Entity;
        found.push({ entity: childEntity, ...(child.origin !== null && { origin: child.origin }) });
      }
    }
    const location = existing ?? { id: 'dry-run', ...input, entityRef: stringifyEntityRef(entity) };
    return { location, exists: existing !== undefined, entities };
  }

  /** The registered location that an entity comes from. The entity has to meet the condition. */
  async byEntity(ref: string, condition: EntityCondition | undefined): Promise<StoredLocation> {
    const text = await this.#options.queries.byRef(ref, condition);
    if (text === undefined) throw new NotFoundError(`The catalog has no entity '${ref}'`);
    const origin = parseEntity(text).metadata.annotations?.[ANNOTATION_ORIGIN_LOCATION];
    const spec = readLocationRef(origin);
    const location = spec && (await this.store.findBy(spec));
    if (!location) throw new NotFoundError(`The entity '${ref}' is not from a registered location`);
    return location;
  }

  /** The problems with an entity, as if it had been read from `location`; empty if there are none. */
  async validate(entity: Entity, locationRef: string): Promise<Array<{ name: string; message: string }>> {
    const unfit = findUnfitValue(entity) ?? findForeignShape(entity);
    if (unfit) return [{ name: 'InputError', message: unfit.reason }];
    const location = readLocationRef(locationRef);
    if (location === undefined) {
      const message = `'${locationRef}' is not a location: it should be type:target, such as url:https://...`;
      return [{ name: 'InputError', message }];
    }
    const ref = stringifyLocationRef(location);
    const annotations = { ...entity.metadata.annotations, [ANNOTATION_LOCATION]: ref };
    const given = { ...entity, metadata: { ...entity.metadata, annotations } };
    const { problems } = await processAnew(this.#options.validation, given, ref);
    return problems.map(({ name, refusal }) => ({ name, message: refusal.reason }));
  }

  #assertAllowed({ type, target }: LocationInput): void {
    const { allowedTypes } = this.#options;
    if (!allowedTypes.includes(type)) {
      throw new InputError(
        `Locations of type '${type}' can't be registered: allowed is ${allowedTypes.join(', ')}`,
      );
    }
    if (type === 'url' && !URL.canParse(target)) throw new InputError(`'${target}' is not a URL`);
    if (!fits(target, MAX_TARGET_BYTES)) {
      throw new InputError(
        `The target of the location can't be registered: it is longer than ${MAX_TARGET_BYTES} bytes or has broken characters`,
      );
    }
  }
}

/** Without a previous result, the answer is never `unchanged`. */
async function processAnew(pipeline: ProcessingPipeline, entity: Entity, origin: string | undefined) {
  return (await pipeline.process({ entity, origin })) as ProcessingResult;
}
