// Resolves untrusted paths without leaving a folder.
import { resolve } from 'node:path';
import { NotAllowedError } from '@backstage/errors';
import { isChildPath } from './isChildPath';

/**
 * Resolves `path` against the folder `base`, and throws if the result is neither `base` nor below it, be it through
 * `..`, an absolute path, or a symbolic link, even a dangling one.
 *
 * The check is valid at the time of the call only. Links in the result are not replaced by their targets.
 *
 * @throws NotAllowedError if the path leads out of `base` or can't be followed.
 *
 * @example
 * ```ts
 * const file = resolveSafeChildPath(workspaceDir, request.params.file);
 * ```
 */
export function resolveSafeChildPath(base: string, path: string): string {
  const resolved = resolve(base, path);
  if (isChildPath(base, resolved)) return resolved;
  // No absolute paths: the message may reach whoever sent the path.
  throw new NotAllowedError(`Path '${path}' leads out of its base directory; use a path that stays below it`);
}
