// Recognises features by their marker, and unwraps them from the modules that export them.
import type { BackendFeature } from '../features/BackendFeature';

type Marked = BackendFeature & { readonly [field in string]?: unknown };

/** Whether a value claims to be a feature, by its marker, regardless of which implementation made it. */
export function isFeature(value: unknown): value is Marked {
  return (value as Marked | null | undefined)?.$$type === '@backstage/BackendFeature';
}

/** Unwraps a feature from the module that exports it, and makes it where an older release exports what makes it. */
export function unwrapFeature(value: unknown): unknown {
  const found = unwrapDefault(value);
  return isMaker(found) ? found() : found;
}

/** Unwraps twice if CommonJS interop wrapped it twice. */
function unwrapDefault(value: unknown): unknown {
  if (isEither(value) || !isObject(value)) return value;
  const inner = value.default;
  if (isEither(inner) || !isObject(inner)) return inner ?? value;
  return isEither(inner.default) ? inner.default : value;
}

function isEither(value: unknown): boolean {
  return isFeature(value) || isMaker(value);
}

/** What creating a feature returned in Backstage 1.27 and before: a function that makes it. */
function isMaker(value: unknown): value is () => unknown {
  const { $$type } = (value ?? {}) as { $$type?: unknown };
  return typeof value === 'function' && $$type === '@backstage/BackendFeatureFactory';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
