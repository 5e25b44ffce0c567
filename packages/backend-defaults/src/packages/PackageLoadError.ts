// The error for a package whose features a backend should have but that can't be loaded.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** A package that `backend.packages` includes is not installed, or throws when it is loaded. */
export class PackageLoadError extends GreenroomError {
  constructor(packageName: string, reason: string, cause?: unknown) {
    super({
      code: 'GR_PACKAGE_LOAD',
      message: `Package '${packageName}', which backend.packages takes in, can't be loaded: ${reason}`,
      hint: 'Install it and see to it that it loads on its own, or name it in backend.packages.exclude.',
      cause,
    });
  }
}
