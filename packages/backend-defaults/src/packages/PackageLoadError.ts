// The error for packages whose features a backend should have but that can't be loaded.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** A package that can't be loaded, and why. */
export interface UnloadedPackage {
  readonly name: string;
  readonly reason: string;
  readonly cause?: unknown;
}

/** Packages that `backend.packages` includes are not installed, or throw when they are loaded. */
export class PackageLoadError extends GreenroomError {
  constructor(packages: readonly [UnloadedPackage, ...UnloadedPackage[]]) {
    const [{ name, reason, cause }] = packages;
    const isOne = packages.length === 1;
    const listed = packages.map(one => `\n  - '${one.name}': ${one.reason.replaceAll('\n', '\n    ')}`);
    super({
      code: 'GR_PACKAGE_LOAD',
      message: isOne
        ? `Package '${name}', which backend.packages takes in, can't be loaded: ${reason}`
        : `${packages.length} packages, which backend.packages takes in, can't be loaded:${listed.join('')}`,
      hint: isOne
        ? 'Install it and see to it that it loads on its own, or name it in backend.packages.exclude.'
        : 'Install them and see to it that each loads on its own, or name them in backend.packages.exclude.',
      cause: isOne ? cause : undefined,
    });
  }
}
