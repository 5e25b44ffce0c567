// Tells modules, other plugins and metrics what processing and stitching did.
import type { Entity } from '@backstage/catalog-model';
import { describeIngestionRefusal } from '@greenroom/plugin-catalog-node';
import type { CatalogServices } from './catalogServices';
import type { RefusalObservers } from './ingestion/RefusalObservers';
import type { ClaimConflict } from './processing/addUnprocessed';
import type { Committed } from './processing/commitProcessing';
import { describeConflict } from './processing/describeConflict';
import type { ProcessedBatch } from './processing/processClaimed';
import type { Stitched } from './stitching/stitchNext';

/** Of entities that are served differently from now on: `{ added, changed, removed }`, lists of references. */
const CATALOG_ENTITIES_TOPIC = 'greenroom.catalog.entities';
/** Matched with those who listen to Backstage's catalog. */
const CATALOG_ERRORS_TOPIC = 'experimental.catalog.errors';
/** Matched with those who listen to Backstage's catalog. */
const CATALOG_CONFLICTS_TOPIC = 'experimental.catalog.conflict';

type NotifierServices = Pick<CatalogServices, 'events' | 'logger' | 'metrics'>;

/** Never fails and never waits: nobody who listens can hold up the catalog. */
export class CatalogNotifier {
  readonly #events;
  readonly #logger;
  readonly #observers: RefusalObservers;
  readonly #processed;
  readonly #processing;
  readonly #stitched;
  readonly #stitching;

  constructor({ events, logger, metrics }: NotifierServices, observers: RefusalObservers) {
    this.#events = events;
    this.#logger = logger;
    this.#observers = observers;
    this.#processed = metrics.createCounter('catalog.processed.entities.count', {
      description: 'Entities that were processed, by whether their result changed',
    });
    this.#processing = metrics.createHistogram('catalog.processing.duration', {
      description: 'Time to process and store one batch of entities',
      unit: 's',
    });
    this.#stitched = metrics.createCounter('catalog.stitched.entities.count', {
      description: 'Entities that were put together',
    });
    this.#stitching = metrics.createHistogram('catalog.stitching.duration', {
      description: 'Time to put together one batch of entities',
      unit: 's',
    });
  }

  readonly onProcessed = (
    { changed, same, problems }: ProcessedBatch,
    committed: Committed,
    ms: number,
  ): void => {
    this.#processed.add(changed.length, { result: 'changed' });
    this.#processed.add(same.length, { result: 'unchanged' });
    this.#processing.record(ms / 1000);
    for (const { entity, problem } of problems) {
      const { own, document, refusal } = problem;
      this.#observers.notify(refusal, own ? entity : namedEntity(document), this.#logger);
      this.#publish(CATALOG_ERRORS_TOPIC, {
        entity: entity.metadata.name,
        location: refusal.file,
        errors: [describeIngestionRefusal(refusal)],
      });
    }
    const children = changed.flatMap(result => result.children);
    this.onConflicts(committed.conflicts, children);
  };

  /** Of sources that gave what another has. */
  readonly onConflicts = (
    conflicts: readonly ClaimConflict[],
    children: Parameters<typeof describeConflict>[1] = [],
  ): void => {
    for (const conflict of conflicts) {
      const { refusal, document } = describeConflict(conflict, children);
      this.#observers.notify(refusal, namedEntity(document), this.#logger);
      this.#publish(CATALOG_CONFLICTS_TOPIC, {
        entityRef: conflict.ref,
        existingLocationKey: conflict.heldBy,
        unprocessedEntity: document,
      });
    }
  };

  readonly onStitched = ({ taken, added, changed, removed }: Stitched, ms: number): void => {
    this.#stitched.add(taken);
    this.#stitching.record(ms / 1000);
    if (added.length + changed.length + removed.length === 0) return;
    this.#publish(CATALOG_ENTITIES_TOPIC, { added, changed, removed });
  };

  #publish(topic: string, eventPayload: unknown): void {
    this.#events.publish({ topic, eventPayload }).catch((error: unknown) => {
      this.#logger.warn(`An event of the topic '${topic}' could not be published`, error as Error);
    });
  }
}

function namedEntity(value: unknown): Entity | undefined {
  const { kind, metadata } = Object(value) as Partial<Entity>;
  return typeof kind === 'string' && typeof metadata?.name === 'string' ? (value as Entity) : undefined;
}
