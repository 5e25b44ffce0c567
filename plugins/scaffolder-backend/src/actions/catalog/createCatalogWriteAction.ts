// The action catalog:write.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JsonObject } from '@backstage/types';
import { resolveSafeChildPath } from '@greenroom/backend-plugin-api';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';
import { stringify } from 'yaml';

/** Writes an entity to a file in the workspace. */
export function createCatalogWriteAction() {
  return createTemplateAction<{ entity: JsonObject; filePath?: string }>({
    id: 'catalog:write',
    description:
      'Writes an entity into a file of the workspace, with a note of the template that it was made from.',
    supportsDryRun: true,
    examples: [
      {
        description: 'The entity of a service',
        example: `steps:
  - id: catalog-info
    name: Write the catalog entry
    action: catalog:write
    input:
      filePath: catalog-info.yaml
      entity:
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata:
          name: a-service
        spec:
          type: service
          lifecycle: experimental
          owner: group:default/digital
`,
      },
    ],
    schema: {
      input: {
        type: 'object',
        required: ['entity'],
        additionalProperties: false,
        properties: {
          entity: { type: 'object', title: 'Entity', description: 'As it stands in the file' },
          filePath: {
            type: 'string',
            title: 'File',
            description: 'Its path in the workspace',
            default: 'catalog-info.yaml',
          },
        },
      },
    },
    async handler(ctx) {
      const { entity, filePath = 'catalog-info.yaml' } = ctx.input;
      const target = resolveSafeChildPath(ctx.workspacePath, filePath);
      ctx.logger.info(`Writing ${filePath}`);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, stringify(withOrigin(entity, ctx.templateInfo?.entityRef)), {
        signal: ctx.signal,
      });
    },
  });
}

function withOrigin(entity: JsonObject, templateRef: string | undefined): JsonObject {
  if (templateRef === undefined) return entity;
  const metadata = (entity.metadata ?? {}) as JsonObject;
  const annotations = (metadata.annotations ?? {}) as JsonObject;
  const origin = { 'backstage.io/source-template': templateRef };
  return { ...entity, metadata: { ...metadata, annotations: { ...annotations, ...origin } } };
}
