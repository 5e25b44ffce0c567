// The action fetch:template.
import type { JsonObject } from '@backstage/types';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import type { TemplateRenderer } from '../../templates/TemplateRenderer';
import { fetchTemplateExamples } from './fetchTemplateExamples';
import { fetchProperties } from './fetchProperties';
import { readTemplateExtension } from './readTemplateExtension';
import { renderSkeleton } from './renderSkeleton';
import type { SkeletonSource } from './SkeletonSource';

type FetchTemplateInput = {
  url: string;
  targetPath?: string;
  values?: JsonObject;
  copyWithoutRender?: string[];
  copyWithoutTemplating?: string[];
  cookiecutterCompat?: boolean;
  templateFileExtension?: string | boolean;
  replace?: boolean;
  trimBlocks?: boolean;
  lstripBlocks?: boolean;
  token?: string;
};

const globs = { type: 'array', items: { type: 'string' } };

/** Makes files of a skeleton. */
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
          copyWithoutTemplating: {
            ...globs,
            title: 'Copy without templating',
            description: 'Globs of files whose contents are left as they are; names are rendered',
          },
          copyWithoutRender: {
            ...globs,
            title: 'Copy without rendering',
            description:
              'Globs of files whose contents and names are left as they are; copyWithoutTemplating is preferred',
          },
          templateFileExtension: {
            type: ['string', 'boolean'],
            title: 'Extension of templates',
            description:
              'Only files of this extension have templates in them, and they lose it; true is .njk',
          },
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
