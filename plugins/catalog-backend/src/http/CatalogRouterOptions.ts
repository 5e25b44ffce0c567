// What the routes of the catalog need.
import type { AuditorService } from '@greenroom/backend-plugin-api';
import type { LocationAnalyzer } from '@greenroom/plugin-catalog-node';
import type { CatalogSettings } from '../config/readCatalogSettings';
import type { LocationService } from '../locations/LocationService';
import type { CatalogAuthorizer } from '../permissions/CatalogAuthorizer';
import type { EntityChanges } from '../processing/EntityChanges';
import type { EntityQueries } from '../query/EntityQueries';

export interface CatalogRouterOptions {
  readonly analyzer: LocationAnalyzer;
  readonly auditor: AuditorService;
  readonly authorizer: CatalogAuthorizer;
  readonly changes: EntityChanges;
  readonly locations: LocationService;
  readonly queries: EntityQueries;
  readonly settings: CatalogSettings;
}
