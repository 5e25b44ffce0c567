// The extension point for changing what a valid entity is.
import type { Validators } from '@backstage/catalog-model';
import type { CatalogModelSource } from '@backstage/catalog-model/alpha';
import { createExtensionPoint } from '@greenroom/backend-plugin-api';
import type { CatalogProcessorParser } from '../processing/CatalogProcessor';

/**
 * Changes the rules for entities.
 *
 * @alpha
 */
export interface CatalogModelExtensionPoint {
  /** Replaces the rules of single fields of the envelope; may be called once. */
  setFieldValidators(validators: Partial<Validators>): void;
  /** Replaces the parser of files; may be called once. */
  setEntityDataParser(parser: CatalogProcessorParser): void;
  /**
   * Adds, changes or removes kinds with their schemas and relations. What the source gives first counts until the next
   * start; layers of several sources that contradict each other let the catalog fail to start.
   */
  addModelSource(source: CatalogModelSource): void;
}

/**
 * Lets modules change the model; matched by id with modules written for Backstage's catalog.
 *
 * @alpha
 */
export const catalogModelExtensionPoint = createExtensionPoint<CatalogModelExtensionPoint>({
  id: 'catalog.model',
});
