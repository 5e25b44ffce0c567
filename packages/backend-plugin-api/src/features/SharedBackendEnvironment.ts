// The opaque type of an environment shared by several backends.

/** A set of service factories that can be passed to several backends with `createBackend({ env })`. An opaque type. */
export interface SharedBackendEnvironment {
  $$type: '@backstage/SharedBackendEnvironment';
}
