// The reference by which a plugin offers an extension point and its modules request it.

/**
 * A typed reference to an extension point. References are matched by `id`, never by object identity.
 *
 * Make one with {@link createExtensionPoint}.
 */
export type ExtensionPoint<T> = {
  /** Unique over the whole backend; by convention `<pluginId>.<name>`. */
  id: string;
  /** For `typeof extensionPoint.T` only: reading it at run time gives `null`. */
  T: T;
  /** `extensionPoint{id}`, for messages. */
  toString(): string;
  $$type: '@backstage/ExtensionPoint';
};
