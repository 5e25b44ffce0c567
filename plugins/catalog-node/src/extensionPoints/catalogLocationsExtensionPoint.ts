// The extension point for the types of locations that may be registered.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';

/**
 * Changes which locations people may register.
 *
 * @public
 */
export interface CatalogLocationsExtensionPoint {
  /** Replaces the list of types that `POST /locations` takes, which are `url` and `file`. */
  setAllowedLocationTypes(locationTypes: Array<string>): void;
}

/**
 * Lets modules add types of locations, together with a processor that reads them.
 *
 * @public
 */
export const catalogLocationsExtensionPoint = createExtensionPoint<CatalogLocationsExtensionPoint>({
  id: 'catalog.locations',
});
