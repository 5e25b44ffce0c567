// The action workspace:template:file.
import { stat } from 'node:fs/promises';
import { NotFoundError } from '@backstage/errors';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import type { TemplateRenderer } from '../../templates/TemplateRenderer';
import { renderFile, type RenderInput } from '../fetch/renderFile';
import { workspaceProperties } from './workspaceProperties';

/** Renders a single template file that an earlier step has put into the workspace. */
export function createWorkspaceTemplateFileAction(renderer: TemplateRenderer) {
  const { copyWithoutTemplating: _, templateFileExtension: __, ...properties } = workspaceProperties;
  return createTemplateAction<RenderInput & { sourcePath: string; targetPath: string }>({
    id: 'workspace:template:file',
    description: 'Renders the templates in a file of the workspace into another file of it.',
    supportsDryRun: true,
    examples: [
      {
        description: 'A README that came with what was fetched before',
        example: `steps:
  - id: readme
    name: Write the README
    action: workspace:template:file
    input:
      sourcePath: ./README.md.njk
      targetPath: ./README.md
      values:
        name: a-service
`,
      },
    ],
    schema: {
      input: {
        type: 'object',
        required: ['sourcePath', 'targetPath'],
        additionalProperties: false,
        properties,
      },
    },
    async handler(ctx) {
      const { sourcePath, targetPath, ...options } = ctx.input;
      const source = resolveSafeChildPath(ctx.workspacePath, sourcePath);
      async function path(): Promise<string> {
        if ((await stat(source).catch(() => undefined))?.isFile()) return source;
        throw new NotFoundError(`There is no file '${sourcePath}' in the workspace to be rendered`);
      }
      await renderFile({ name: sourcePath, path, targetPath }, options, { renderer, ctx });
    },
  });
}
