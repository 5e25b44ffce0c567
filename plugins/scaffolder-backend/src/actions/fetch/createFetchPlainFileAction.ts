// The action fetch:plain:file.
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import { fetchProperties } from './fetchProperties';
import type { SkeletonSource } from './SkeletonSource';

/** Copies a single file into the workspace without rendering it. */
export function createFetchPlainFileAction(source: SkeletonSource) {
  return createTemplateAction<{ url: string; targetPath: string; token?: string }>({
    id: 'fetch:plain:file',
    description: 'Copies one file into the workspace as it is.',
    supportsDryRun: true,
    examples: [
      {
        description: 'A licence, from a repository',
        example: `steps:
  - id: fetch-licence
    name: Fetch the licence
    action: fetch:plain:file
    input:
      url: https://github.com/acme/legal/blob/main/LICENSE
      targetPath: LICENSE
`,
      },
    ],
    schema: {
      input: {
        type: 'object',
        required: ['url', 'targetPath'],
        additionalProperties: false,
        properties: {
          url: fetchProperties.url,
          targetPath: fetchProperties.targetPath,
          token: fetchProperties.token,
        },
      },
    },
    async handler(ctx) {
      const { url, targetPath, token } = ctx.input;
      ctx.logger.info(`Fetching ${url}`);
      const target = resolveSafeChildPath(ctx.workspacePath, targetPath);
      const { signal, templateInfo } = ctx;
      await source.fetchFile({ url, token, signal, baseUrl: templateInfo?.baseUrl }, target);
    },
  });
}
