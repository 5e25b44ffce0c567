// Resolves the folder of a workspace that an action publishes.
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';

/**
 * Returns the absolute path of `sourcePath` in the workspace, or of the workspace itself if `sourcePath` is not
 * given.
 *
 * @throws `NotAllowedError` if the path would leave the workspace, also through symbolic links.
 *
 * @public
 */
export function getRepoSourceDirectory(workspacePath: string, sourcePath: string | undefined): string {
  return sourcePath ? resolveSafeChildPath(workspacePath, sourcePath) : workspacePath;
}
