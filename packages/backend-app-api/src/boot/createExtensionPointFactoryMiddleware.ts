// Lets the author of a backend wrap what the consumers of an extension point receive.
import type { ExtensionPoint } from '@greenroom/backend-plugin-api';

/** Wraps one extension point. Made by {@link createExtensionPointFactoryMiddleware}. */
export interface ExtensionPointFactoryMiddleware {
  $$type: '@backstage/ExtensionPointFactoryMiddleware';
}

/** The run-time fields of a middleware, whichever engine made it. */
export interface InternalExtensionPointFactoryMiddleware extends ExtensionPointFactoryMiddleware {
  readonly version: 'v1';
  readonly extensionPointId: string;
  middleware(original: unknown): unknown;
}

/**
 * Makes a middleware that replaces what modules receive for an extension point. Several for one extension point are
 * applied in the order in which they are given to the backend; other extension points are not touched.
 *
 * @example
 * ```ts
 * createExtensionPointFactoryMiddleware({
 *   extensionPoint: colorsExtensionPoint,
 *   middleware: async original => ({ addColor: name => original.addColor(name.toLowerCase()) }),
 * });
 * ```
 */
export function createExtensionPointFactoryMiddleware<T>(options: {
  extensionPoint: ExtensionPoint<T>;
  middleware: (original: T) => Promise<T>;
}): ExtensionPointFactoryMiddleware {
  const middleware: InternalExtensionPointFactoryMiddleware = {
    $$type: '@backstage/ExtensionPointFactoryMiddleware',
    version: 'v1',
    extensionPointId: options.extensionPoint.id,
    middleware: options.middleware as InternalExtensionPointFactoryMiddleware['middleware'],
  };
  return middleware;
}
