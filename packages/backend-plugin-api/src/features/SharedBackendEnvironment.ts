// The opaque type of an environment shared by several backends.

/** A set of service factories to be passed to several backends as `createBackend({ env })`. Opaque on purpose. */
export interface SharedBackendEnvironment {
  $$type: '@backstage/SharedBackendEnvironment';
}
