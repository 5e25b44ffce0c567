// Lets a test control what `resolvePackagePath` returns for a package.
import { packagePathOverrides, type PackagePathOverride } from '../paths/packagePathOverrides';

/** An active override. */
export interface PackagePathResolutionOverride {
  /** Ends the override. Calling it again does nothing. */
  restore(): void;
}

/** Options of {@link overridePackagePathResolution}. */
export interface OverridePackagePathResolutionOptions {
  /** The package whose paths to override. */
  packageName: string;
  /** The folder to use instead of the package's own folder, which is used by default. */
  path?: string;
  /**
   * Replacements for single paths below the package, or functions that return them, by the requested path with forward
   * slashes. They take precedence over `path`.
   */
  paths?: { [path in string]: string | (() => string) };
}

/**
 * Changes what `resolvePackagePath` returns for a package, until `restore` is called.
 *
 * If there are several overrides for one package, the latest one that applies is used.
 *
 * @example
 * ```ts
 * const override = overridePackagePathResolution({ packageName: '@example/plugin', path: mockDir.path });
 * override.restore();
 * ```
 */
export function overridePackagePathResolution(
  options: OverridePackagePathResolutionOptions,
): PackagePathResolutionOverride {
  const { packageName, path: root, paths = {} } = options;
  const override: PackagePathOverride = { packageName, root, paths: { ...paths } };
  packagePathOverrides.push(override);
  return {
    restore() {
      const index = packagePathOverrides.indexOf(override);
      if (index !== -1) packagePathOverrides.splice(index, 1);
    },
  };
}
