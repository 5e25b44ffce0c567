// The extension point for observing what the catalog refuses.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';
import type { IngestionRefusal } from '../IngestionRefusal';

/**
 * Called once for each refusal, in the order in which sources are read. A listener that fails is logged and disturbs
 * neither the catalog nor other listeners.
 *
 * @public
 */
export type IngestionRefusalListener = (refusal: IngestionRefusal) => Promise<void> | void;

/**
 * Watches the catalog read its sources.
 *
 * @public
 */
export interface CatalogIngestionExtensionPoint {
  /** Any number of listeners; with none, the catalog logs the refusals itself. */
  addRefusalListener(listener: IngestionRefusalListener): void;
}

/**
 * Lets modules hear of every document, file and location that the catalog refused, with file and line.
 *
 * @public
 */
export const catalogIngestionExtensionPoint = createExtensionPoint<CatalogIngestionExtensionPoint>({
  id: 'catalog.ingestion',
});
