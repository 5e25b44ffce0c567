// The action fetch:template:file.
import { stat, writeFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import type { TemplateRenderer } from '../../templates/TemplateRenderer';
import { copyMode } from './copyTree';
import { fetchProperties } from './fetchProperties';
import { readText } from './renderSkeleton';
import type { SkeletonSource } from './SkeletonSource';

type FetchTemplateFileInput = {
  url: string;
  targetPath: string;
  values?: JsonObject;
  cookiecutterCompat?: boolean;
  replace?: boolean;
  trimBlocks?: boolean;
  lstripBlocks?: boolean;
  token?: string;
};

/** Makes one file of a template. */
export function createFetchTemplateFileAction(source: SkeletonSource, renderer: TemplateRenderer) {
  return createTemplateAction<FetchTemplateFileInput>({
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
      const { url, token, targetPath, values = {}, replace, ...options } = ctx.input;
      const target = resolveSafeChildPath(ctx.workspacePath, targetPath);
      if (!replace && (await stat(target).catch(() => undefined))) {
        ctx.logger.info(`Kept '${targetPath}', which is there already`);
        return;
      }
      ctx.logger.info(`Fetching the template from ${url}`);
      const { signal, templateInfo } = ctx;
      const fetched = join(await ctx.createTemporaryDirectory(), 'template');
      await source.fetchFile({ url, token, signal, baseUrl: templateInfo?.baseUrl }, fetched);
      const text = await readText({ absolutePath: fetched });
      if (text === undefined) throw new InputError(`${url} is no text in UTF-8, so it can't be a template.`);
      const context = { [options.cookiecutterCompat ? 'cookiecutter' : 'values']: values };
      const [rendered] = await renderer.renderTexts([{ name: `'${url}'`, text }], context, options);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, rendered!, { signal });
      await copyMode(fetched, target);
    },
  });
}
