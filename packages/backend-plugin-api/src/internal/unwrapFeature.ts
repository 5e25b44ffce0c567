// Tells features by their marker, and takes them out of the modules that export them.
import type { BackendFeature } from '../features/BackendFeature';

type Marked = BackendFeature & { readonly [field in string]?: unknown };

/** Tells by its marker whether a value claims to be a feature, whoever made it. */
export function isFeature(value: unknown): value is Marked {
  return (value as Marked | null | undefined)?.$$type === '@backstage/BackendFeature';
}

/** Takes a feature out of a module, once or, where CommonJS interop wrapped it twice, twice. */
export function unwrapFeature(value: unknown): unknown {
  if (isFeature(value) || !isObject(value)) return value;
  const inner = value.default;
  if (isFeature(inner) || !isObject(inner)) return inner ?? value;
  return isFeature(inner.default) ? inner.default : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
