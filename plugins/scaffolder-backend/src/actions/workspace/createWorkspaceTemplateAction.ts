// The action workspace:template.
import { stat } from 'node:fs/promises';
import { NotFoundError } from '@backstage/errors';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import type { TemplateRenderer } from '../../templates/TemplateRenderer';
import { copyTree } from '../fetch/copyTree';
import { readTemplateExtension } from '../fetch/readTemplateExtension';
import type { RenderInput } from '../fetch/renderFile';
import { renderSkeleton } from '../fetch/renderSkeleton';
import { workspaceProperties } from './workspaceProperties';

type WorkspaceTemplateInput = RenderInput & {
  sourcePath: string;
  targetPath: string;
  copyWithoutTemplating?: string[];
  templateFileExtension?: string | boolean;
};

/** Renders a skeleton that an earlier step has put into the workspace. */
export function createWorkspaceTemplateAction(renderer: TemplateRenderer) {
  return createTemplateAction<WorkspaceTemplateInput>({
    id: 'workspace:template',
    description:
      'Renders the templates in the files of a folder of the workspace, and in their names, into another folder of it.',
    supportsDryRun: true,
    examples: [
      {
        description: 'A skeleton that came with what was fetched before',
        example: `steps:
  - id: render
    name: Fill in the chart
    action: workspace:template
    input:
      sourcePath: ./chart-skeleton
      targetPath: ./chart
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
        properties: workspaceProperties,
      },
    },
    async handler(ctx) {
      const { sourcePath, targetPath, values = {}, ...options } = ctx.input;
      const source = resolveSafeChildPath(ctx.workspacePath, sourcePath);
      const target = resolveSafeChildPath(ctx.workspacePath, targetPath);
      if (!(await stat(source).catch(() => undefined))?.isDirectory()) {
        throw new NotFoundError(`There is no folder '${sourcePath}' in the workspace to be rendered`);
      }
      const templateFileExtension = readTemplateExtension(options);
      const { signal, logger } = ctx;
      // A copy, because files rendered into the source folder or below it must not be taken for templates.
      const skeleton = await ctx.createTemporaryDirectory();
      await copyTree(source, skeleton, { signal });
      logger.info(`Rendering the files of ${sourcePath}`, { names: Object.keys(values) });
      await renderSkeleton(
        { skeleton, target },
        { ...options, values, templateFileExtension },
        { renderer, logger, signal },
      );
    },
  });
}
