// Lets a test control what `resolvePackagePath` returns for a package.
import { packagePathOverrides, type PackagePathOverride } from '../paths/packagePathOverrides';

/** An override that is in force. */
export interface PackagePathResolutionOverride {
  /** Ends the override. Calling it again does nothing. */
  restore(): void;
}

/** What {@link overridePackagePathResolution} needs. */
export interface OverridePackagePathResolutionOptions {
  /** The package whose paths to override. */
  packageName: string;
  /** The folder to use instead of the package's own. Defaults to leaving it. */
  path?: string;
  /**
   * Replacements, or functions that give them, for single paths below the package: by the path as it is asked for, with
   * forward slashes. They go before `path`.
   */
  paths?: { [path in string]: string | (() => string) };
}

/**
 * Changes what `resolvePackagePath` gives for a package, until `restore` is called.
 *
 * Of several overrides for one package the latest that has an answer decides.
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
