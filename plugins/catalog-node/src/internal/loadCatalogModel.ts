// Loads the entity model on first use: it compiles all its schemas when loaded, which takes a fifth of a backend's start.
import type * as CatalogModel from '@backstage/catalog-model';
import { createRequire } from 'node:module';

let loaded: typeof CatalogModel | undefined;

/** Returns `@backstage/catalog-model`. Synchronous, because references are parsed and formatted synchronously. */
export function loadCatalogModel(): typeof CatalogModel {
  return (loaded ??= createRequire(__filename)('@backstage/catalog-model') as typeof CatalogModel);
}
