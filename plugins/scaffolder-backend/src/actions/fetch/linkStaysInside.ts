// Checks whether a symbolic link stays inside a folder, wherever that folder is copied to.
import { dirname, isAbsolute, resolve } from 'node:path';
import { isChildPath } from '@greenroom/backend-plugin-api';

/**
 * Whether a link at `path`, which is below `folder`, stays inside it. A destination that goes down and then up again
 * is refused: what it goes down through may itself be a link, and then `..` leads somewhere else.
 */
export function linkStaysInside(folder: string, path: string, destination: string): boolean {
  if (isAbsolute(destination)) return false;
  const parts = destination.split(/[/\\]/).filter(part => part !== '' && part !== '.');
  const down = parts.findIndex(part => part !== '..');
  if (down !== -1 && parts.slice(down).includes('..')) return false;
  return isChildPath(folder, resolve(dirname(path), destination));
}
