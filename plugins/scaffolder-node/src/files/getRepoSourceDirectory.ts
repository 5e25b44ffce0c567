// Resolves the folder of a workspace that an action publishes.
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';

/**
 * Gives the absolute path of `sourcePath` in the workspace, or of the workspace itself where there is none.
 *
 * @throws `NotAllowedError` where it would leave the workspace, by links too.
 *
 * @public
 */
export function getRepoSourceDirectory(workspacePath: string, sourcePath: string | undefined): string {
  return sourcePath ? resolveSafeChildPath(workspacePath, sourcePath) : workspacePath;
}
