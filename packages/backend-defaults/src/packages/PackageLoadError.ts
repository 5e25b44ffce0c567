// The error of a package whose features a backend is to have, and which can't be loaded.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** A package that `backend.packages` takes in is not installed, or throws while it is loaded. */
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
