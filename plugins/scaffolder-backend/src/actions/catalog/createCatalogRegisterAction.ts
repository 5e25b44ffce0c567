// The action catalog:register.
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@greenroom/plugin-catalog-node';
import { stringifyEntityRef } from '@greenroom/plugin-catalog-node/internal';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';

type CatalogRegisterInput = {
  catalogInfoUrl?: string;
  repoContentsUrl?: string;
  catalogInfoPath?: string;
  optional?: boolean;
};

/** Adds a file of entities to the catalog, by URL. */
export function createCatalogRegisterAction(catalog: Pick<CatalogService, 'addLocation'>) {
  return createTemplateAction<CatalogRegisterInput, { entityRef?: string; catalogInfoUrl: string }>({
    id: 'catalog:register',
    description: 'Adds a file of entities to the catalog, by its URL.',
    supportsDryRun: true,
    examples: [
      {
        description: 'By the URL of the file',
        example: `steps:
  - id: register
    name: Add it to the catalog
    action: catalog:register
    input:
      catalogInfoUrl: https://github.com/acme/site/blob/main/catalog-info.yaml
`,
      },
      {
        description: 'By the URL of the repository that a step before has made',
        example: `steps:
  - id: register
    name: Add it to the catalog
    action: catalog:register
    input:
      repoContentsUrl: \${{ steps.publish.output.repoContentsUrl }}
      catalogInfoPath: /catalog-info.yaml
`,
      },
    ],
    schema: {
      input: {
        type: 'object',
        anyOf: [{ required: ['catalogInfoUrl'] }, { required: ['repoContentsUrl'] }],
        additionalProperties: false,
        properties: {
          optional: {
            type: 'boolean',
            title: 'Optional',
            description:
              'Goes on where the catalog does not take the file, for example because it is not there yet',
            default: false,
          },
          catalogInfoPath: {
            type: 'string',
            title: 'Path',
            description: 'Of the file in the repository',
            default: '/catalog-info.yaml',
          },
          catalogInfoUrl: { type: 'string', title: 'URL', description: 'Of the file with the entities' },
          repoContentsUrl: {
            type: 'string',
            title: 'Repository',
            description: 'The URL of what is in the repository, as a publishing action gives it',
          },
        },
      },
      output: {
        type: 'object',
        required: ['catalogInfoUrl'],
        properties: {
          entityRef: {
            type: 'string',
            description: 'Of the component in the file, else of its first entity',
          },
          catalogInfoUrl: { type: 'string' },
        },
      },
    },
    async handler(ctx) {
      const target = urlOf(ctx.input);
      ctx.output('catalogInfoUrl', target);
      if (ctx.isDryRun) {
        ctx.logger.info(`Would add ${target} to the catalog`);
        return;
      }
      ctx.logger.info(`Adding ${target} to the catalog`);
      const credentials = await ctx.getInitiatorCredentials();
      ctx.signal?.throwIfAborted();
      try {
        // A dry run first: only that returns the entities of a new location.
        const seen = await catalog.addLocation({ type: 'url', target, dryRun: true }, { credentials });
        await catalog.addLocation({ type: 'url', target }, { credentials });
        const entity = mainEntity(seen.entities);
        if (entity) ctx.output('entityRef', stringifyEntityRef(entity));
      } catch (error) {
        if (!ctx.input.optional) throw error;
        ctx.logger.warn(`The catalog did not take ${target}, which is optional: ${(error as Error).message}`);
      }
    },
  });
}

function urlOf({ catalogInfoUrl, repoContentsUrl, catalogInfoPath }: CatalogRegisterInput): string {
  if (catalogInfoUrl !== undefined) return catalogInfoUrl;
  if (repoContentsUrl === undefined) throw new InputError('Give catalogInfoUrl or repoContentsUrl.');
  if (!URL.canParse(repoContentsUrl)) {
    throw new InputError(
      `'${repoContentsUrl}' is not a URL. Give repoContentsUrl as a publishing action gives it, such as https://github.com/acme/site/blob/main.`,
    );
  }
  const url = new URL(repoContentsUrl);
  const path = (catalogInfoPath ?? '/catalog-info.yaml').replace(/^\/+/, '');
  // Azure DevOps has one page for all files, with the path of the file in the query.
  if (url.pathname.includes('/_git/')) url.searchParams.set('path', `/${path}`);
  else url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  return url.toString();
}

function mainEntity(entities: readonly Entity[]): Entity | undefined {
  return entities.find(({ kind }) => kind === 'Component') ?? entities[0];
}
