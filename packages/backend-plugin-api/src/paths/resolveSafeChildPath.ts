// Resolves untrusted paths without leaving a folder.
import { resolve } from 'node:path';
import { NotAllowedError } from '@backstage/errors';
import { isChildPath } from './isChildPath';

/**
 * Resolves `path` against the folder `base`, and refuses a result that is neither `base` nor below it: be it by `..`,
 * as an absolute path, or through a symbolic link, dangling ones included.
 *
 * It holds at the time of the call. Links in the result are not replaced by what they point to.
 *
 * @throws NotAllowedError for a path that leads elsewhere or can't be followed.
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
