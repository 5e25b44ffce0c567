// The opaque type of everything that can be added to a backend, and the callable form that this package returns.

/**
 * Anything that `backend.add` accepts: a plugin, a module, a service factory or a feature loader.
 *
 * An opaque type. Create one with {@link createBackendPlugin}, {@link createBackendModule},
 * {@link createServiceFactory} or {@link createBackendFeatureLoader}.
 */
export interface BackendFeature {
  $$type: '@backstage/BackendFeature';
}

/**
 * The result of `import()` of a module whose default export is a feature.
 *
 * For a CommonJS module, `default` is `module.exports`, whose own `default` is the feature.
 */
export interface BackendFeatureImport {
  default: BackendFeature | { default: BackendFeature };
}

/**
 * A feature that can be added directly, or called to return itself.
 *
 * `backend.add(catalogPlugin)` and the older `backend.add(catalogPlugin())` are therefore equivalent.
 */
export type CallableFeature<TFeature extends BackendFeature = BackendFeature> = TFeature & (() => TFeature);
