// The opaque type of everything that can be added to a backend, and the callable form that this package returns.

/**
 * Anything that `backend.add` accepts: a plugin, a module, a service factory or a feature loader.
 *
 * Opaque on purpose. Make one with {@link createBackendPlugin}, {@link createBackendModule},
 * {@link createServiceFactory} or {@link createBackendFeatureLoader}.
 */
export interface BackendFeature {
  $$type: '@backstage/BackendFeature';
}

/**
 * What `import()` gives for a module whose default export is a feature.
 *
 * Of a CommonJS module the default is `module.exports`, and the feature is the default of that.
 */
export interface BackendFeatureImport {
  default: BackendFeature | { default: BackendFeature };
}

/**
 * A feature that can be added as it is, and that gives itself when it is called.
 *
 * `backend.add(catalogPlugin)` and the older `backend.add(catalogPlugin())` therefore mean the same.
 */
export type CallableFeature<TFeature extends BackendFeature = BackendFeature> = TFeature & (() => TFeature);
