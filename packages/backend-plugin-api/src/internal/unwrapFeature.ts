// Recognises features by their marker, and unwraps them from the modules that export them.
import type { BackendFeature } from '../features/BackendFeature';

type Marked = BackendFeature & { readonly [field in string]?: unknown };

/** Whether a value claims to be a feature, by its marker, regardless of which implementation made it. */
export function isFeature(value: unknown): value is Marked {
  return (value as Marked | null | undefined)?.$$type === '@backstage/BackendFeature';
}

/** Unwraps a feature from the module that exports it. Unwraps twice if CommonJS interop wrapped it twice. */
export function unwrapFeature(value: unknown): unknown {
  if (isFeature(value) || !isObject(value)) return value;
  const inner = value.default;
  if (isFeature(inner) || !isObject(inner)) return inner ?? value;
  return isFeature(inner.default) ? inner.default : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
