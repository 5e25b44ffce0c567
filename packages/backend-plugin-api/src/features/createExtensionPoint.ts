// Creates references to extension points.
import { assertReferenceId } from '../internal/ids';
import type { ExtensionPoint } from './ExtensionPoint';

/** Options of {@link createExtensionPoint}. */
export interface CreateExtensionPointOptions {
  /** Unique in the whole backend. By convention `<pluginId>.<name>`, such as `catalog.processing`. */
  id: string;
}

/**
 * Creates a reference to an extension point. Export it from the plugin's `-node` library.
 *
 * @throws an error with code `GR_INVALID_ID` if `id` is not a non-empty string.
 *
 * @example
 * ```ts
 * export const searchIndexExtensionPoint = createExtensionPoint<SearchIndex>({ id: 'search.index' });
 * ```
 */
export function createExtensionPoint<T>(options: CreateExtensionPointOptions): ExtensionPoint<T> {
  const { id } = options;
  assertReferenceId(id, 'An extension point');
  return new Reference<T>(id);
}

/** A class, so that thousands of extension points share their methods. */
class Reference<T> implements ExtensionPoint<T> {
  readonly $$type = '@backstage/ExtensionPoint';

  constructor(readonly id: string) {}

  get T(): T {
    return null as T;
  }

  toString(): string {
    return `extensionPoint{${this.id}}`;
  }
}
