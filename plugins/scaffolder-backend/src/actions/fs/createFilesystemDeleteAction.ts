// The action fs:delete.
import { rm } from 'node:fs/promises';
import { NotAllowedError } from '@backstage/errors';
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import picomatch from 'picomatch';
import { listFiles } from '../fetch/listFiles';
import { matchGlobs } from '../fetch/matchGlobs';

/** Deletes files and folders in the workspace. */
export function createFilesystemDeleteAction() {
  return createTemplateAction<{ files: string[] }>({
    id: 'fs:delete',
    description: 'Deletes files and folders of the workspace.',
    supportsDryRun: true,
    examples: [
      {
        description: 'A file, a folder, and what a glob matches',
        example: `steps:
  - id: clean
    name: Remove what is not wanted
    action: fs:delete
    input:
      files:
        - notes.txt
        - drafts
        - '**/*.tmp'
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
            items: { type: 'string' },
            title: 'Files',
            description:
              'Paths of files and folders, or globs of files, relative to the workspace; what is not there is left out',
          },
        },
      },
    },
    async handler(ctx) {
      for (const file of ctx.input.files) {
        for (const path of await pathsOf(ctx.workspacePath, file, ctx.signal)) {
          ctx.signal?.throwIfAborted();
          await rm(path, { recursive: true, force: true });
        }
        ctx.logger.info(`Deleted '${file}'`);
      }
    },
  });
}

async function pathsOf(workspace: string, file: string, signal?: AbortSignal): Promise<string[]> {
  const path = resolveSafeChildPath(workspace, file);
  if (path === resolveSafeChildPath(workspace, '.')) {
    throw new NotAllowedError(
      `'${file}' is the workspace itself, which can't be deleted. Name what is in it.`,
    );
  }
  if (!picomatch.scan(file).isGlob) return [path];
  const files = (await listFiles(workspace, signal)).filter(({ kind }) => kind !== 'folder');
  const matching = matchGlobs(
    [file.replace(/^\.\//, '')],
    files.map(listed => listed.path),
  );
  // A literal file name may look like a glob.
  return [path, ...files.filter(listed => matching.has(listed.path)).map(({ absolutePath }) => absolutePath)];
}
