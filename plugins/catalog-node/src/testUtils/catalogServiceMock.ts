// An in-memory catalog for tests of plugins that call the catalog.
import type { CatalogRequestOptions } from '@backstage/catalog-client';
import { InMemoryCatalogClient } from '@backstage/catalog-client/testUtils';
import type { Entity } from '@backstage/catalog-model';
import { createServiceFactory } from '@greenroom/backend-plugin-api';
import type { CatalogService, CatalogServiceRequestOptions } from '../service/CatalogService';
import { catalogServiceRef } from '../service/catalogServiceRef';

type AnyOptions = CatalogServiceRequestOptions | CatalogRequestOptions;

/** The same arguments, with optional options. */
type Relaxed<TArgs extends unknown[]> = TArgs extends [...infer Others, CatalogServiceRequestOptions]
  ? undefined extends Others[0]
    ? [request?: Others[0], options?: AnyOptions]
    : [...Others, options?: AnyOptions]
  : never;

/**
 * A catalog that can be called with or without credentials, so it can be used as a {@link CatalogService} and as the
 * `CatalogApi` of `@backstage/catalog-client`.
 *
 * @public
 */
export type CatalogServiceMock = {
  [Method in keyof CatalogService]: CatalogService[Method] extends (...args: infer Args) => infer Result
    ? (...args: Relaxed<Args>) => Result
    : never;
};

/**
 * Creates an in-memory catalog of the given entities; none by default. It filters, orders, pages and counts them, and
 * every caller sees all of them. Locations, validation and analysis throw `NotImplementedError`.
 *
 * @example
 * ```ts
 * const catalog = catalogServiceMock({ entities: [stage] });
 * jest.spyOn(catalog, 'refreshEntity');
 * await startTestBackend({ features: [lightsPlugin, catalogServiceMock.factory({ catalog })] });
 * ```
 *
 * @public
 */
export function catalogServiceMock(options?: { entities?: Entity[] }): CatalogServiceMock {
  return new InMemoryCatalogClient(options);
}

/**
 * Returns a factory that adds such a catalog to a backend, for all plugins: created from `entities`, or given as
 * `catalog`.
 */
catalogServiceMock.factory = ({
  entities,
  catalog = catalogServiceMock({ entities }),
}: { entities?: Entity[]; catalog?: CatalogServiceMock } = {}) =>
  createServiceFactory({ service: catalogServiceRef, deps: {}, factory: () => catalog });
