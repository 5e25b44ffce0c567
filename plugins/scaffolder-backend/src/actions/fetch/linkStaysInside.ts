// Tells whether a symbolic link leads out of a folder, wherever the folder is put.
import { dirname, isAbsolute, resolve } from 'node:path';
import { isChildPath } from '@greenroom/backend-plugin-api';

/**
 * Whether a link at `path`, below `folder`, stays in it. A destination that goes up after it went down is refused: what it
 * went down through may be a link itself, and then up is somewhere else.
 */
export function linkStaysInside(folder: string, path: string, destination: string): boolean {
  if (isAbsolute(destination)) return false;
  const parts = destination.split(/[/\\]/).filter(part => part !== '' && part !== '.');
  const down = parts.findIndex(part => part !== '..');
  if (down !== -1 && parts.slice(down).includes('..')) return false;
  return isChildPath(folder, resolve(dirname(path), destination));
}
