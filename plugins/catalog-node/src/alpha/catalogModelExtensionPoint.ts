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
  /** Replaces the rules of single envelope fields. A second call throws a `ConflictError`. */
  setFieldValidators(validators: Partial<Validators>): void;
  /** Replaces the parser of files. A second call throws a `ConflictError`. */
  setEntityDataParser(parser: CatalogProcessorParser): void;
  /**
   * Adds, changes or removes kinds, with their schemas and relations. The first result of the source is used until
   * the next startup. If layers of several sources contradict each other, the catalog fails to start.
   */
  addModelSource(source: CatalogModelSource): void;
}

/**
 * Lets modules change the model. It has the ID of Backstage's extension point, so modules for Backstage's catalog can
 * use it.
 *
 * @alpha
 */
export const catalogModelExtensionPoint = createExtensionPoint<CatalogModelExtensionPoint>({
  id: 'catalog.model',
});
