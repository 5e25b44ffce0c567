// The reference by which a service is requested and provided.

/**
 * A typed reference to a service. References are matched by `id`, never by object identity.
 *
 * Create one with {@link createServiceRef}.
 */
export type ServiceRef<
  TService,
  TScope extends 'root' | 'plugin' = 'root' | 'plugin',
  TInstances extends 'singleton' | 'multiton' = 'singleton' | 'multiton',
> = {
  /** Unique in the whole backend. By convention `<owner>.<name>`. */
  id: string;
  /**
   * `root`: one instance per backend, which may only depend on root services. `plugin`: one instance per plugin, which
   * may depend on services of both scopes.
   */
  scope: TScope;
  /** `true` if any number of factories may provide the service. Dependents then receive an array. */
  multiton?: TInstances extends 'multiton' ? true : false;
  /** Only for `typeof serviceRef.T`: at run time it is `null`. */
  T: TService;
  $$type: '@backstage/ServiceRef';
};
