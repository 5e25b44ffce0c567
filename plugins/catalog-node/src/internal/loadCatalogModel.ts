// Loads the model of entities when the first of them is looked at: it compiles its schemas at once, which is a fifth of a backend's start.
import type * as CatalogModel from '@backstage/catalog-model';
import { createRequire } from 'node:module';

let loaded: typeof CatalogModel | undefined;

/** `@backstage/catalog-model`. In one call, because references are written and read in one. */
export function loadCatalogModel(): typeof CatalogModel {
  return (loaded ??= createRequire(__filename)('@backstage/catalog-model') as typeof CatalogModel);
}
