// The extension point for the types of locations that may be registered.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';

/**
 * Changes which locations can be registered.
 *
 * @public
 */
export interface CatalogLocationsExtensionPoint {
  /** Replaces the location types that `POST /locations` accepts, which are `url` and `file` by default. */
  setAllowedLocationTypes(locationTypes: Array<string>): void;
}

/**
 * Lets modules add location types, together with a processor that reads them.
 *
 * @public
 */
export const catalogLocationsExtensionPoint = createExtensionPoint<CatalogLocationsExtensionPoint>({
  id: 'catalog.locations',
});
