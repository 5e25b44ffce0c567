// The opaque type of an environment that several backends share.

/** A set of service factories that can be passed to several backends with `createBackend({ env })`. An opaque type. */
export interface SharedBackendEnvironment {
  $$type: '@backstage/SharedBackendEnvironment';
}
