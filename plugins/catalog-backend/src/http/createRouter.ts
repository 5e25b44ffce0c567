// The HTTP API of the catalog.
import { Router } from 'express';
import type { CatalogRouterOptions } from './CatalogRouterOptions';
import { addEntityRoutes } from './entityRoutes';
import { explainFaults } from './explainFaults';
import { addIngestionRoutes } from './ingestionRoutes';
import { addLocationRoutes } from './locationRoutes';
import { addQueryRoutes } from './queryRoutes';

/** Creates the router for `/api/catalog`. */
export function createRouter(options: CatalogRouterOptions): Router {
  const router = Router();
  addEntityRoutes(router, options);
  addQueryRoutes(router, options);
  addLocationRoutes(router, options);
  addIngestionRoutes(router, options);
  router.use(explainFaults);
  return router;
}
