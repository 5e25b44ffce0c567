// The action fs:readdir.
import { stat } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import { NotFoundError } from '@backstage/errors';
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import { listFiles } from '../fetch/listFiles';

type Found = { name: string; path: string; fullPath: string };

const foundItems = {
  type: 'array',
  items: {
    type: 'object',
    required: ['name', 'path', 'fullPath'],
    properties: {
      name: { type: 'string', description: 'The last part of its path' },
      path: { type: 'string', description: 'Its path in the workspace' },
      fullPath: { type: 'string', description: 'The same' },
    },
  },
};

/** Lists folders in the workspace. */
export function createFilesystemReadDirAction() {
  return createTemplateAction<{ paths: string[]; recursive?: boolean }, { files: Found[]; folders: Found[] }>(
    {
      id: 'fs:readdir',
      description: 'Lists the files and folders in folders of the workspace.',
      supportsDryRun: true,
      examples: [
        {
          description: 'All that is in the workspace',
          example: `steps:
  - id: list
    name: List the files
    action: fs:readdir
    input:
      paths: ['.']
      recursive: true
`,
        },
      ],
      schema: {
        input: {
          type: 'object',
          required: ['paths'],
          additionalProperties: false,
          properties: {
            paths: {
              type: 'array',
              items: { type: 'string' },
              title: 'Folders',
              description: 'Paths relative to the workspace',
            },
            recursive: {
              type: 'boolean',
              title: 'Recursive',
              description: 'Reads the folders in them as well',
              default: false,
            },
          },
        },
        output: {
          type: 'object',
          required: ['files', 'folders'],
          properties: { files: foundItems, folders: foundItems },
        },
      },
      async handler(ctx) {
        const files: Found[] = [];
        const folders: Found[] = [];
        for (const path of ctx.input.paths) {
          const folder = resolveSafeChildPath(ctx.workspacePath, path);
          if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
            throw new NotFoundError(`There is no folder '${path}' in the workspace to be listed`);
          }
          for (const listed of await listFiles(folder, ctx.signal)) {
            if (!ctx.input.recursive && listed.path.includes('/')) continue;
            const inWorkspace = relative(ctx.workspacePath, listed.absolutePath).replaceAll(sep, '/');
            // No absolute paths: if the task is resumed after an interruption, the workspace may be somewhere else.
            const found = { name: basename(listed.path), path: inWorkspace, fullPath: inWorkspace };
            (listed.kind === 'folder' ? folders : files).push(found);
          }
        }
        ctx.output('files', files);
        ctx.output('folders', folders);
      },
    },
  );
}
