// Creates references to extension points.
import { assertReferenceId } from '../internal/ids';
import type { ExtensionPoint } from './ExtensionPoint';

/** What {@link createExtensionPoint} needs. */
export interface CreateExtensionPointOptions {
  /** Unique over the whole backend; by convention `<pluginId>.<name>`, as in `catalog.processing`. */
  id: string;
}

/**
 * Creates a reference to an extension point, to be exported from a plugin's `-node` library.
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
