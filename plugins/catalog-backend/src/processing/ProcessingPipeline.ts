// Takes a single entity through all processing steps.
import type { Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  isLocationEntity,
  parseLocationRef,
  stringifyEntityRef,
} from '@greenroom/plugin-catalog-node/internal';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import { toError } from '@backstage/errors';
import type {
  CatalogProcessor,
  CatalogProcessorParser,
  PlaceholderResolver,
} from '@greenroom/plugin-catalog-node';
import type { GitHosts } from '../config/readGitHosts';
import { type DocumentLines, placeOf } from '../ingestion/DocumentLines';
import { plausibleRef } from '../ingestion/parseEntityFile';
import { valueAt } from '../jsonShapes';
import type { CatalogRules } from '../locations/CatalogRules';
import type { LocationReader } from '../processors/LocationReader';
import { emitRelations } from '../processors/emitRelations';
import { resolvePlaceholders } from '../processors/resolvePlaceholders';
import type { EntityKinds } from '../validation/EntityKinds';
import type { EntityValidator } from '../validation/EntityValidator';
import { explainValidationError } from '../validation/explainValidationError';
import { PlacedError } from '../validation/PlacedError';
import { annotateSource } from './annotateSource';
import type { ProcessingProblem, ProcessingResult } from './ProcessingResult';
import { ProcessorCache } from './ProcessorCache';
import { readLocationTargets, Unchanged, withoutStates } from './readLocationTargets';
import { ResultCollector } from './ResultCollector';
import { storableJson } from './storable';

/** What all processing runs share. */
export interface PipelineOptions {
  /** The processors of modules, in the order in which they run. */
  readonly processors: readonly CatalogProcessor[];
  readonly readers: readonly LocationReader[];
  readonly parser: CatalogProcessorParser;
  readonly placeholders: ReadonlyMap<string, PlaceholderResolver>;
  readonly kinds: EntityKinds;
  readonly validator: EntityValidator;
  readonly rules: CatalogRules;
  readonly gitHosts: GitHosts;
  /** Whether to read the targets of Locations; defaults to true. */
  readonly followLocations?: boolean;
}

export interface PipelineInput {
  readonly entity: Entity;
  readonly lines?: DocumentLines | undefined;
  /** Undefined if the entity itself contains its origin. */
  readonly origin?: string | undefined;
  /** What processors kept in the previous run, as JSON. */
  readonly cache?: string;
  /** Whether `unchanged` is acceptable. It is not if the previous result is gone, or was made by a different pipeline. */
  readonly mayBeUnchanged?: boolean;
}

interface PipelineRun {
  readonly location: LocationSpec;
  readonly origin: LocationSpec;
  readonly collector: ResultCollector;
  readonly cache: ProcessorCache;
}

/** The steps in order: source annotations, placeholders, preProcess, envelope, kind, locations, relations, postProcess. */
export class ProcessingPipeline {
  readonly #options: PipelineOptions;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /** Never rejects: all errors are in the result. */
  async process(input: PipelineInput): Promise<ProcessingResult | 'unchanged'> {
    const given = withOrigin(input.entity, input.origin);
    const location = locationOf(given, ANNOTATION_LOCATION);
    const origin = locationOf(given, ANNOTATION_ORIGIN_LOCATION) ?? location;
    if (!location || !origin) {
      const reason = `the annotation ${ANNOTATION_LOCATION} is missing: whoever provides the entity has to set it`;
      return refused(given, input, new PlacedError(['metadata', 'annotations'], reason));
    }
    const collector = new ResultCollector(given, origin, this.#options.rules);
    const cache = new ProcessorCache(input.cache ?? '{}');
    try {
      const entity = await this.#run(given, input, { location, origin, collector, cache });
      return {
        processed: storableJson(entity),
        ...collector.result(),
        cache: cache.collect(),
        external: isLocationEntity(entity) || this.#isExternal(collector),
      };
    } catch (error) {
      if (error instanceof Unchanged) return 'unchanged';
      return refused(given, input, toError(error), collector);
    }
  }

  async #run(
    given: Entity,
    { lines, mayBeUnchanged = false }: PipelineInput,
    { location, origin, collector, cache }: PipelineRun,
  ): Promise<Entity> {
    const { processors, kinds, placeholders, parser, readers } = this.#options;
    const { emit } = collector;
    const ref = stringifyEntityRef(given);
    let entity = annotateSource(given, location, this.#options.gitHosts);
    const reader = readers.find(({ type }) => type === location.type);
    if (reader) {
      const context = { resolvers: placeholders, reader, base: location.target, emit };
      entity = await resolvePlaceholders(entity, context);
    }
    for (const processor of processors) {
      if (!processor.preProcessEntity) continue;
      const own = cache.of(processor.getProcessorName());
      entity = await processor.preProcessEntity(entity, location, emit, origin, own);
    }
    entity = await this.#validate(entity, ref);
    if (isLocationEntity(entity) && this.#options.followLocations !== false) {
      const shared = { processors, readers, parser, collector, cache };
      await readLocationTargets({ ...shared, entity, lines, location, mayBeUnchanged });
    }
    emitRelations(entity, kinds.relationsOf(entity), emit);
    for (const processor of processors) {
      if (!processor.postProcessEntity) continue;
      const own = cache.of(processor.getProcessorName());
      entity = await processor.postProcessEntity(entity, location, emit, own);
    }
    assertNotRenamed(entity, ref);
    return entity;
  }

  async #validate(entity: Entity, ref: string): Promise<Entity> {
    const { validator, processors } = this.#options;
    const valid = await validator.validateEnvelope(entity);
    assertNotRenamed(valid, ref);
    for (const processor of processors) if (await processor.validateEntityKind?.(valid)) return valid;
    await validator.validateKind(valid);
    return valid;
  }

  /** Processors of modules may depend on anything. */
  #isExternal({ refreshKeys }: ResultCollector): boolean {
    return (
      refreshKeys.size > 0 ||
      this.#options.processors.some(processor => processor.preProcessEntity ?? processor.postProcessEntity)
    );
  }
}

function assertNotRenamed(entity: Entity, ref: string): void {
  const own = stringifyEntityRef(entity);
  if (own !== ref) throw new PlacedError(['metadata'], `a processor renamed the entity to '${own}'`);
}

function withOrigin(entity: Entity, origin: string | undefined): Entity {
  if (origin === undefined) return entity;
  const annotations = { ...entity.metadata.annotations, [ANNOTATION_ORIGIN_LOCATION]: origin };
  return { ...entity, metadata: { ...entity.metadata, annotations } };
}

function locationOf(entity: Entity, annotation: string): LocationSpec | undefined {
  return readLocationRef(entity.metadata.annotations?.[annotation]);
}

/** The location of a reference such as `url:https://...`; undefined if it is not one. */
export function readLocationRef(ref: unknown): LocationSpec | undefined {
  try {
    return parseLocationRef(ref as string);
  } catch {
    return undefined;
  }
}

function refused(
  entity: Entity,
  { lines, cache = '{}' }: PipelineInput,
  error: Error,
  collector?: ResultCollector,
): ProcessingResult {
  const { path, message } = explainValidationError(error);
  const entityRef = plausibleRef(entity);
  const problem: ProcessingProblem = {
    name: error.name,
    own: true,
    refusal: {
      subject: 'document',
      ...placeOf(lines, path, locationOf(entity, ANNOTATION_LOCATION)?.target ?? 'unknown'),
      ...(entityRef && { entityRef }),
      reason: explainPlaceholder(entity, path, message),
    },
  };
  return {
    processed: null,
    children: [],
    unread: [],
    relations: [],
    refreshKeys: [...(collector?.refreshKeys ?? [])],
    problems: [problem, ...(collector?.problems ?? [])],
    cache: withoutStates(cache),
    external: true,
  };
}

/** Globs for entities often match skeletons of templates by accident. */
function explainPlaceholder(entity: Entity, path: readonly (string | number)[], reason: string): string {
  const value = valueAt(entity, path);
  if (typeof value !== 'string' || !/\{\{|\{%/.test(value)) return reason;
  return `${reason}; the value has a placeholder: if this is a template's skeleton, keep catalog.locations from reading it`;
}
