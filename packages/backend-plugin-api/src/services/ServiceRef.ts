// The reference by which a service is requested and provided.

/**
 * A typed reference to a service. References are matched by `id`, never by object identity.
 *
 * Make one with {@link createServiceRef}.
 */
export type ServiceRef<
  TService,
  TScope extends 'root' | 'plugin' = 'root' | 'plugin',
  TInstances extends 'singleton' | 'multiton' = 'singleton' | 'multiton',
> = {
  /** Unique over the whole backend; by convention `<owner>.<name>`. */
  id: string;
  /**
   * `root`: one instance a backend, which may depend on root services only. `plugin`: one instance a plugin, which may
   * depend on services of both scopes.
   */
  scope: TScope;
  /** `true` where any number of factories may provide the service; whoever depends on it receives an array. */
  multiton?: TInstances extends 'multiton' ? true : false;
  /** For `typeof serviceRef.T` only: reading it at run time gives `null`. */
  T: TService;
  $$type: '@backstage/ServiceRef';
};
