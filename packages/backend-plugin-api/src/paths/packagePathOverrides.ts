// The overrides of `resolvePackagePath` that tests have set.
import { join, posix } from 'node:path';

/** An override for one package. */
export interface PackagePathOverride {
  readonly packageName: string;
  readonly root: string | undefined;
  readonly paths: { readonly [path in string]: string | (() => string) };
}

// A registered symbol on the global object, because the subpath for tests is bundled separately from the main entry
// and would otherwise have its own list.
const key = Symbol.for('greenroom.packagePathOverrides');
const registry = globalThis as unknown as { [key]?: PackagePathOverride[] };

/** In the order in which they were set. */
export const packagePathOverrides: PackagePathOverride[] = (registry[key] ??= []);

/** Applies the overrides to a path in a package. Returns `undefined` if none applies. */
export function overriddenPackagePath(packageName: string, paths: readonly string[]): string | undefined {
  for (let index = packagePathOverrides.length - 1; index >= 0; index--) {
    const override = packagePathOverrides[index]!;
    if (override.packageName !== packageName) continue;
    const subPath = posix.join(...paths.map(part => part.replaceAll('\\', '/')));
    if (Object.hasOwn(override.paths, subPath)) {
      const replacement = override.paths[subPath]!;
      return typeof replacement === 'function' ? replacement() : replacement;
    }
    if (override.root !== undefined) return join(override.root, ...paths);
  }
  return undefined;
}
