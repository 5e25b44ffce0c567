// Those who want to hear what the catalog refused.
import { ConflictError } from '@backstage/errors';
import type { Entity } from '@backstage/catalog-model';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import {
  type CatalogIngestionExtensionPoint,
  describeIngestionRefusal,
  type IngestionRefusal,
  type IngestionRefusalListener,
  type ProcessingErrorEvent,
} from '@greenroom/plugin-catalog-node';

type ProcessingErrorHandler = (event: ProcessingErrorEvent) => Promise<void> | void;

/** A refusal, with the document as it is where that names an entity. */
export interface ObservedRefusal {
  readonly refusal: IngestionRefusal;
  readonly unprocessedEntity?: Entity | undefined;
}

/** What modules register through the extension points, and what tells them. */
export class RefusalObservers implements CatalogIngestionExtensionPoint {
  readonly #listeners: IngestionRefusalListener[] = [];
  #processingErrorHandler: ProcessingErrorHandler | undefined;

  addRefusalListener(listener: IngestionRefusalListener): void {
    this.#listeners.push(listener);
  }

  setOnProcessingErrorHandler(handler: ProcessingErrorHandler): void {
    if (this.#processingErrorHandler) {
      throw new ConflictError(
        'The catalog already has a processing error handler: two modules set one; remove one of them',
      );
    }
    this.#processingErrorHandler = handler;
  }

  /**
   * Calls everybody in order, without waiting for what they do: nobody can hold up the catalog or stop it. With no
   * listener, the refusals are logged.
   */
  notify(refused: Iterable<ObservedRefusal>, logger: LoggerService): void {
    for (const { refusal, unprocessedEntity } of refused) {
      if (this.#listeners.length === 0) logger.warn(describeIngestionRefusal(refusal));
      for (const listener of this.#listeners) callSafely(() => listener(refusal), logger);
      const handler = this.#processingErrorHandler;
      if (!handler || !unprocessedEntity) continue;
      const errors = [new Error(describeIngestionRefusal(refusal))];
      callSafely(() => handler({ unprocessedEntity, errors }), logger);
    }
  }
}

function callSafely(call: () => Promise<void> | void, logger: LoggerService): void {
  const report = (error: unknown) =>
    logger.error('A module that observes what the catalog refuses failed', error as Error);
  try {
    Promise.resolve(call()).catch(report);
  } catch (error) {
    report(error);
  }
}
