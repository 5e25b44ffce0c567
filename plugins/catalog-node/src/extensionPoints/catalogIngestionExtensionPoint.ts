// The extension point for observing what the catalog refuses.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';
import type { IngestionRefusal } from '../IngestionRefusal';

/**
 * Called for each refusal when it is new, and for all refusals of a source again when one of them changes. It is not
 * waited for. Errors of a listener are logged and affect neither the catalog nor other listeners.
 *
 * @public
 */
export type IngestionRefusalListener = (refusal: IngestionRefusal) => Promise<void> | void;

/**
 * Observes how the catalog reads its sources.
 *
 * @public
 */
export interface CatalogIngestionExtensionPoint {
  /** Adds a listener. There may be any number; without any, the catalog logs the refusals itself. */
  addRefusalListener(listener: IngestionRefusalListener): void;
}

/**
 * Notifies modules of every document, file and location that the catalog rejects, with file and line.
 *
 * @public
 */
export const catalogIngestionExtensionPoint = createExtensionPoint<CatalogIngestionExtensionPoint>({
  id: 'catalog.ingestion',
});
