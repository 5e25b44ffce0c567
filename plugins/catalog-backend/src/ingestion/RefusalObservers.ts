// Those who want to hear what the catalog refused.
import { ConflictError } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import {
  type CatalogIngestionExtensionPoint,
  type CatalogProcessingExtensionPoint,
  describeIngestionRefusal,
  type IngestionRefusalListener,
  type ProcessingErrorEvent,
} from '@greenroom/plugin-catalog-node';
import type { Refused } from './readEntityFile';

type ProcessingErrorHandler = (event: ProcessingErrorEvent) => Promise<void> | void;

/** What modules register through the extension points, and what tells them. */
export class RefusalObservers
  implements
    CatalogIngestionExtensionPoint,
    Pick<CatalogProcessingExtensionPoint, 'setOnProcessingErrorHandler'>
{
  readonly #listeners: IngestionRefusalListener[] = [];
  #processingErrorHandler: ProcessingErrorHandler | undefined;

  /** Whether somebody hears of every refusal. */
  get hasListeners(): boolean {
    return this.#listeners.length > 0;
  }

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

  /** Calls everybody in order, without waiting for what they do: nobody can hold up the catalog or stop it. */
  notify(refused: Iterable<Refused>, logger: LoggerService): void {
    for (const { refusal, unprocessedEntity } of refused) {
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
