// The action fetch:template.
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import type { TemplateRenderer } from '../../templates/TemplateRenderer';
import { fetchTemplateExamples } from './fetchTemplateExamples';
import { fetchProperties, skeletonProperties } from './fetchProperties';
import { readTemplateExtension } from './readTemplateExtension';
import type { RenderInput } from './renderFile';
import { renderSkeleton } from './renderSkeleton';
import type { SkeletonSource } from './SkeletonSource';

type FetchTemplateInput = RenderInput & {
  url: string;
  targetPath?: string;
  copyWithoutRender?: string[];
  copyWithoutTemplating?: string[];
  templateFileExtension?: string | boolean;
  token?: string;
};

/** Fetches a skeleton and renders it into the workspace. */
export function createFetchTemplateAction(source: SkeletonSource, renderer: TemplateRenderer) {
  return createTemplateAction<FetchTemplateInput>({
    id: 'fetch:template',
    description:
      'Fetches a skeleton and renders the templates in its files and in their names, into the workspace or a folder of it.',
    supportsDryRun: true,
    examples: fetchTemplateExamples,
    schema: {
      input: {
        type: 'object',
        required: ['url'],
        additionalProperties: false,
        properties: {
          ...fetchProperties,
          targetPath: { ...fetchProperties.targetPath, default: './' },
          copyWithoutTemplating: skeletonProperties.copyWithoutTemplating,
          copyWithoutRender: {
            type: 'array',
            items: { type: 'string' },
            title: 'Copy without rendering',
            description:
              'Globs of files whose contents and names are left as they are; copyWithoutTemplating is preferred',
          },
          templateFileExtension: skeletonProperties.templateFileExtension,
        },
      },
    },
    async handler(ctx) {
      const { url, token, targetPath = './', values = {}, ...options } = ctx.input;
      const target = resolveSafeChildPath(ctx.workspacePath, targetPath);
      const templateFileExtension = readTemplateExtension(options);
      ctx.logger.info(`Fetching the skeleton from ${url}`);
      const { signal, logger, templateInfo } = ctx;
      const request = { url, token, signal, baseUrl: templateInfo?.baseUrl };
      const skeleton = await source.findTree(request, () => ctx.createTemporaryDirectory());
      logger.info('Rendering its files', { names: Object.keys(values) });
      await renderSkeleton(
        { skeleton, target },
        { ...options, values, templateFileExtension },
        { renderer, logger, signal },
      );
    },
  });
}
