// Creates feature loaders, which decide at startup which further features a backend has.
import { assertReferences } from '../internal/assertReferences';
import { callableFeature } from '../internal/callableFeature';
import { CallSite } from '../internal/CallSite';
import type { InternalFeatureLoader } from '../internal/features';
import { flattenLoaded } from '../internal/flattenLoaded';
import type { ServiceRef } from '../services/ServiceRef';
import type { BackendFeature, BackendFeatureImport, CallableFeature } from './BackendFeature';

/** Options of {@link createBackendFeatureLoader}. */
export interface CreateBackendFeatureLoaderOptions<TDeps extends { [name in string]: unknown }> {
  /** Root services, by the name under which `loader` receives them; none by default. */
  deps?: { [name in keyof TDeps]: ServiceRef<TDeps[name], 'root'> };
  /**
   * Returns features, or imports of modules whose default export is a feature, as a list or a generator, async or not.
   */
  loader(
    deps: TDeps,
  ):
    | Iterable<BackendFeature | Promise<BackendFeatureImport>>
    | Promise<Iterable<BackendFeature | Promise<BackendFeatureImport>>>
    | AsyncIterable<BackendFeature | BackendFeatureImport>;
}

/**
 * Creates a feature that adds further features at startup, for example depending on configuration.
 *
 * Imports are awaited in parallel, except those that an async generator yields; the order of features is kept.
 *
 * @throws an error with code `GR_INVALID_REFERENCE` if one of `deps` is not a reference. The loader itself fails with
 * code `GR_LOADER_RESULT` if it returns anything other than features. Whatever it fails with is the cause of the error
 * with code `GR_LOADER_FAILED` that the startup reports.
 *
 * @example
 * ```ts
 * export default createBackendFeatureLoader({
 *   deps: { config: coreServices.rootConfig },
 *   *loader({ config }) {
 *     if (config.has('greeter')) yield import('./greeterPlugin');
 *   },
 * });
 * ```
 */
export function createBackendFeatureLoader<TDeps extends { [name in string]: unknown }>(
  options: CreateBackendFeatureLoaderOptions<TDeps>,
): CallableFeature<BackendFeature> {
  const deps = options.deps as { [name in string]: ServiceRef<unknown, 'root'> } | undefined;
  const description = `created at '${new CallSite(createBackendFeatureLoader)}'`;
  const subject = `The feature loader ${description}`;
  if (deps) assertReferences(deps, subject, String);
  return callableFeature<InternalFeatureLoader>({
    $$type: '@backstage/BackendFeature',
    version: 'v1',
    featureType: 'loader',
    description,
    ...(deps && { deps }),
    loader: async instances => flattenLoaded(options.loader(instances as TDeps), subject),
  });
}
