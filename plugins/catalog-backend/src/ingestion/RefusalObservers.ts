// The observers of what the catalog refuses.
import type { Entity } from '@backstage/catalog-model';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import {
  type CatalogIngestionExtensionPoint,
  type CatalogProcessingExtensionPoint,
  describeIngestionRefusal,
  type IngestionRefusal,
  type IngestionRefusalListener,
} from '@greenroom/plugin-catalog-node';

/** Collects the observers that modules register through extension points, and notifies them. */
export class RefusalObservers implements CatalogIngestionExtensionPoint {
  readonly #listeners: IngestionRefusalListener[] = [];
  onProcessingError:
    Parameters<CatalogProcessingExtensionPoint['setOnProcessingErrorHandler']>[0] | undefined;

  addRefusalListener(listener: IngestionRefusalListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Calls all listeners in order without waiting for them, so that none can hold up or crash the catalog. Without any,
   * the refusal is logged.
   */
  notify(refusal: IngestionRefusal, logger: LoggerService): void {
    if (this.#listeners.length === 0) logger.warn(describeIngestionRefusal(refusal));
    for (const listener of this.#listeners) callSafely(() => listener(refusal), logger);
  }

  /** Calls the handler of processing errors, if there is one, in the same way. */
  notifyOfEntity(unprocessedEntity: Entity, refusals: IngestionRefusal[], logger: LoggerService): void {
    const handler = this.onProcessingError;
    if (!handler) return;
    const errors = refusals.map(refusal => new Error(describeIngestionRefusal(refusal)));
    callSafely(() => handler({ unprocessedEntity, errors }), logger);
  }
}

function callSafely(call: () => Promise<void> | void, logger: LoggerService): void {
  new Promise(resolve => resolve(call())).catch((error: unknown) =>
    logger.error('A module that observes what the catalog refuses failed', error as Error),
  );
}
