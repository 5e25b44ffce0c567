// Copies files and folders without following links that lead out of them.
import { copyFile, mkdir, readdir, readlink, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { InputError } from '@backstage/errors';
import { isChildPath } from '@greenroom/backend-plugin-api';
import { linkStaysInside } from './linkStaysInside';

/**
 * Copies a file, or a folder with everything below it except `.git`. Links stay links.
 *
 * @throws InputError for a link that leads out of `source`, for one in `target` that leads out of `target`, and for
 * anything that is neither a file nor a folder, such as a socket.
 */
export async function copyTree(
  source: string,
  target: string,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  if ((await stat(source)).isFile()) {
    await mkdir(dirname(target), { recursive: true });
    return copyFile(source, target);
  }
  await copyFolder(source, target);

  async function copyFolder(from: string, to: string): Promise<void> {
    options.signal?.throwIfAborted();
    await mkdir(to, { recursive: true });
    for (const entry of await readdir(from, { withFileTypes: true })) {
      const path = join(from, entry.name);
      const copy = join(to, entry.name);
      // `copy` may be below a link that another action moved, so that it now leads out of `target`.
      if (!isChildPath(target, copy)) {
        throw new InputError(
          `'${relative(target, copy)}' would be written through a link that leads out of the folder it goes to`,
        );
      }
      if (entry.isDirectory()) {
        if (entry.name !== '.git') await copyFolder(path, copy);
      } else if (entry.isSymbolicLink()) {
        await copyLink(path, copy);
      } else if (entry.isFile()) {
        await copyFile(path, copy);
      } else {
        throw new InputError(
          `'${relative(source, path)}' is neither a file nor a folder, so it can't be copied`,
        );
      }
    }
  }

  async function copyLink(path: string, copy: string): Promise<void> {
    const destination = await readlink(path);
    if (!linkStaysInside(source, path, destination)) {
      throw new InputError(
        `The link '${relative(source, path)}' leads out of the files that are fetched. Remove it from them.`,
      );
    }
    await symlink(destination, copy).catch(async (error: NodeJS.ErrnoException) => {
      const present = error.code === 'EEXIST' && (await readlink(copy).catch(() => undefined));
      if (present !== destination) throw error;
    });
  }
}
