// Notifies modules, other plugins and metrics of the results of processing and stitching.
import type { Entity } from '@backstage/catalog-model';
import { describeIngestionRefusal, type IngestionRefusal } from '@greenroom/plugin-catalog-node';
import type { CatalogServices } from './catalogServices';
import type { RefusalObservers } from './ingestion/RefusalObservers';
import type { ClaimConflict } from './processing/addUnprocessed';
import { describeConflict } from './processing/describeConflict';
import type { ProcessedBatch } from './processing/processClaimed';
import type { Stitched } from './stitching/stitchNext';

/** Published when served entities change: `{ added, changed, removed }`, with lists of references. */
const CATALOG_ENTITIES_TOPIC = 'greenroom.catalog.entities';
/** Like the next one, the same topic as in Backstage's catalog, for existing subscribers. */
const CATALOG_ERRORS_TOPIC = 'experimental.catalog.errors';
const CATALOG_CONFLICTS_TOPIC = 'experimental.catalog.conflict';

/** The callbacks never throw and never wait: no subscriber can hold up the catalog. */
export function createNotifier(
  { events, logger, metrics }: Pick<CatalogServices, 'events' | 'logger' | 'metrics'>,
  observers: RefusalObservers,
) {
  const processed = metrics.createCounter('catalog.processed.entities.count', {
    description: 'Entities that were processed, by whether their result changed',
  });
  const processing = metrics.createHistogram('catalog.processing.duration', {
    description: 'Time to process and store one batch of entities',
    unit: 's',
  });
  const stitched = metrics.createCounter('catalog.stitched.entities.count', {
    description: 'Entities that were put together',
  });
  const stitching = metrics.createHistogram('catalog.stitching.duration', {
    description: 'Time to put together one batch of entities',
    unit: 's',
  });

  function onProcessed(
    { changed, same, problems }: ProcessedBatch,
    conflicts: readonly ClaimConflict[],
    ms: number,
  ): void {
    processed.add(changed.length, { result: 'changed' });
    processed.add(same.length, { result: 'unchanged' });
    processing.record(ms / 1000);
    const refused = new Map<Entity, IngestionRefusal[]>();
    for (const { entity, problem } of problems) {
      const { own, document, refusal } = problem;
      observers.notify(refusal, logger);
      const subject = own ? entity : namedEntity(document);
      if (subject) refused.set(subject, [...(refused.get(subject) ?? []), refusal]);
      publish(CATALOG_ERRORS_TOPIC, {
        entity: entity.metadata.name,
        location: refusal.file,
        errors: [describeIngestionRefusal(refusal)],
      });
    }
    for (const [entity, refusals] of refused) observers.notifyOfEntity(entity, refusals, logger);
    onConflicts(conflicts);
  }

  /** Sources returned entities that already belong to another source. */
  function onConflicts(conflicts: readonly ClaimConflict[]): void {
    for (const conflict of conflicts) {
      const { refusal, document } = describeConflict(conflict);
      observers.notify(refusal, logger);
      const entity = namedEntity(document);
      if (entity) observers.notifyOfEntity(entity, [refusal], logger);
      publish(CATALOG_CONFLICTS_TOPIC, {
        entityRef: conflict.entity.ref,
        existingLocationKey: conflict.heldBy,
        unprocessedEntity: document,
      });
    }
  }

  function onStitched({ taken, added, changed, removed }: Stitched, ms: number): void {
    stitched.add(taken);
    stitching.record(ms / 1000);
    if (added.length + changed.length + removed.length === 0) return;
    publish(CATALOG_ENTITIES_TOPIC, { added, changed, removed });
  }

  function publish(topic: string, eventPayload: unknown): void {
    events.publish({ topic, eventPayload }).catch((error: unknown) => {
      logger.warn(`An event of the topic '${topic}' could not be published`, error as Error);
    });
  }

  return { onProcessed, onConflicts, onStitched };
}

function namedEntity(value: unknown): Entity | undefined {
  const { kind, metadata } = Object(value) as Partial<Entity>;
  return typeof kind === 'string' && typeof metadata?.name === 'string' ? (value as Entity) : undefined;
}
