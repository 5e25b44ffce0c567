// The action fetch:template:file.
import { join } from 'node:path';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import type { TemplateRenderer } from '../../templates/TemplateRenderer';
import { fetchProperties } from './fetchProperties';
import { renderFile, type RenderInput } from './renderFile';
import type { SkeletonSource } from './SkeletonSource';

/** Fetches a single template file and renders it into the workspace. */
export function createFetchTemplateFileAction(source: SkeletonSource, renderer: TemplateRenderer) {
  return createTemplateAction<RenderInput & { url: string; targetPath: string; token?: string }>({
    id: 'fetch:template:file',
    description: 'Fetches one file and renders the templates in it, into a file of the workspace.',
    supportsDryRun: true,
    examples: [
      {
        description: 'A README beside the template',
        example: `steps:
  - id: readme
    name: Write the README
    action: fetch:template:file
    input:
      url: ./README.md
      targetPath: README.md
      values:
        name: a-service
`,
      },
    ],
    schema: {
      input: {
        type: 'object',
        required: ['url', 'targetPath'],
        additionalProperties: false,
        properties: fetchProperties,
      },
    },
    async handler(ctx) {
      const { url, token, targetPath, ...options } = ctx.input;
      async function path(): Promise<string> {
        ctx.logger.info(`Fetching the template from ${url}`);
        const fetched = join(await ctx.createTemporaryDirectory(), 'template');
        const { signal, templateInfo } = ctx;
        await source.fetchFile({ url, token, signal, baseUrl: templateInfo?.baseUrl }, fetched);
        return fetched;
      }
      await renderFile({ name: url, path, targetPath }, options, { renderer, ctx });
    },
  });
}
