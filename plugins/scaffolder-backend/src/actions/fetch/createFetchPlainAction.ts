// The action fetch:plain.
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import { fetchProperties } from './fetchProperties';
import type { SkeletonSource } from './SkeletonSource';

/** Copies a folder into the workspace without rendering it. */
export function createFetchPlainAction(source: SkeletonSource) {
  return createTemplateAction<{ url: string; targetPath?: string; token?: string }>({
    id: 'fetch:plain',
    description: 'Copies a folder into the workspace, or into a folder of it, as it is.',
    supportsDryRun: true,
    examples: [
      {
        description: 'A folder beside the template, into the workspace',
        example: `steps:
  - id: fetch
    name: Fetch the files
    action: fetch:plain
    input:
      url: ./skeleton
`,
      },
      {
        description: 'A folder of a repository, into a folder of the workspace',
        example: `steps:
  - id: fetch
    name: Fetch the documentation
    action: fetch:plain
    input:
      url: https://github.com/acme/templates/tree/main/docs
      targetPath: docs
`,
      },
    ],
    schema: {
      input: {
        type: 'object',
        required: ['url'],
        additionalProperties: false,
        properties: {
          url: fetchProperties.url,
          targetPath: { ...fetchProperties.targetPath, default: './' },
          token: fetchProperties.token,
        },
      },
    },
    async handler(ctx) {
      const { url, targetPath = './', token } = ctx.input;
      ctx.logger.info(`Fetching ${url}`);
      const target = resolveSafeChildPath(ctx.workspacePath, targetPath);
      const { signal, templateInfo } = ctx;
      await source.fetchTree({ url, token, signal, baseUrl: templateInfo?.baseUrl }, target);
    },
  });
}
