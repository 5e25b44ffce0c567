// The reference by which a plugin offers an extension point and its modules request it.

/**
 * A typed reference to an extension point. References are matched by `id`, never by object identity.
 *
 * Create one with {@link createExtensionPoint}.
 */
export type ExtensionPoint<T> = {
  /** Unique in the whole backend. By convention `<pluginId>.<name>`. */
  id: string;
  /** Only for `typeof extensionPoint.T`: at run time it is `null`. */
  T: T;
  /** Returns `extensionPoint{id}`, for messages. */
  toString(): string;
  $$type: '@backstage/ExtensionPoint';
};
