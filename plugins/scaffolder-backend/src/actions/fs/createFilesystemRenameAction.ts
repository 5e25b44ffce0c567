// The action fs:rename.
import { randomUUID } from 'node:crypto';
import { cp, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';

type Renaming = { from: string; to: string; overwrite?: boolean };

/** Renames and moves files and folders in the workspace. */
export function createFilesystemRenameAction() {
  return createTemplateAction<{ files: Renaming[] }>({
    id: 'fs:rename',
    description: 'Renames or moves files and folders of the workspace.',
    supportsDryRun: true,
    examples: [
      {
        description: 'A file that gets another name, and a folder that replaces another',
        example: `steps:
  - id: rename
    name: Give the files their names
    action: fs:rename
    input:
      files:
        - from: gitignore
          to: .gitignore
        - from: docs/new
          to: docs/current
          overwrite: true
`,
      },
    ],
    schema: {
      input: {
        type: 'object',
        required: ['files'],
        additionalProperties: false,
        properties: {
          files: {
            type: 'array',
            title: 'Files',
            items: {
              type: 'object',
              required: ['from', 'to'],
              additionalProperties: false,
              properties: {
                from: { type: 'string', description: 'What is renamed, relative to the workspace' },
                to: { type: 'string', description: 'Its new path, relative to the workspace' },
                overwrite: { type: 'boolean', description: 'Replaces what is there already', default: false },
              },
            },
          },
        },
      },
    },
    async handler(ctx) {
      for (const { from, to, overwrite = false } of ctx.input.files) {
        ctx.signal?.throwIfAborted();
        const source = resolveSafeChildPath(ctx.workspacePath, from);
        const target = resolveSafeChildPath(ctx.workspacePath, to);
        if (!(await exists(source)))
          throw new NotFoundError(`There is no '${from}' in the workspace to be renamed`);
        if (source === target) continue;
        if (target.startsWith(`${source}${sep}`)) {
          throw new InputError(`'${from}' can't be moved into itself, to '${to}'. Name another place.`);
        }
        if ((await exists(target)) && !(await isOneFile(source, target))) {
          if (!overwrite) {
            throw new ConflictError(`'${to}' is in the workspace already. Set overwrite to replace it.`);
          }
          await replace(source, target, ctx.workspacePath);
        } else {
          await mkdir(dirname(target), { recursive: true });
          await rename(source, target);
        }
        ctx.logger.info(`Renamed '${from}' to '${to}'`);
      }
    },
  });
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

/** On most laptops, a name in upper case is that of the same file in lower case. */
async function isOneFile(source: string, target: string): Promise<boolean> {
  if (source.toLowerCase() !== target.toLowerCase()) return false;
  const [from, to] = await Promise.all([lstat(source), lstat(target)]);
  return from.dev === to.dev && from.ino === to.ino;
}

/** Two folders are merged: files that only exist in the target stay. */
async function replace(source: string, target: string, workspace: string): Promise<void> {
  const [from, to] = await Promise.all([lstat(source), lstat(target)]);
  if (target === resolve(workspace) && !from.isDirectory()) {
    throw new InputError(`A file can't take the place of the workspace. Give it a name in it.`);
  }
  // Moved aside first, because `source` may be inside the folder that is removed, or have an entry of its own name.
  const aside = join(workspace, `.${randomUUID()}`);
  await rename(source, aside);
  if (from.isDirectory() && to.isDirectory()) {
    await cp(aside, target, { recursive: true, force: true, verbatimSymlinks: true }).catch(async error => {
      await rename(aside, source);
      throw error;
    });
    await rm(aside, { recursive: true });
  } else {
    await rm(target, { recursive: true });
    await rename(aside, target);
  }
}
