// The service reference of the catalog, with its default factory.
import { coreServices, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import type { CatalogService } from './CatalogService';

/**
 * The catalog, whether it runs in the same backend or in another one.
 *
 * @example
 * ```ts
 * reg.registerInit({
 *   deps: { auth: coreServices.auth, catalog: catalogServiceRef },
 *   async init({ auth, catalog }) {
 *     const credentials = await auth.getOwnServiceCredentials();
 *     const { items } = await catalog.getEntities({ filter: { kind: 'Template' } }, { credentials });
 *   },
 * });
 * ```
 *
 * @public
 */
export const catalogServiceRef = createServiceRef<CatalogService>({
  id: 'catalog-client',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: { auth: coreServices.auth, discovery: coreServices.discovery },
      async factory(deps) {
        const { HttpCatalogService } = await import('./HttpCatalogService');
        return new HttpCatalogService(deps);
      },
    }),
});
