// The action catalog:fetch.
import type { CatalogService } from '@greenroom/plugin-catalog-node';
import { parseEntityRef, stringifyEntityRef } from '@greenroom/plugin-catalog-node/internal';
import { InputError, NotFoundError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';

type CatalogFetchInput = {
  entityRef?: string;
  entityRefs?: string[];
  optional?: boolean;
  defaultKind?: string;
  defaultNamespace?: string;
};

const entitySchema = { type: 'object', title: 'Entity' };

/** Reads entities from the catalog. */
export function createCatalogFetchAction(catalog: Pick<CatalogService, 'getEntitiesByRefs'>) {
  return createTemplateAction<
    CatalogFetchInput,
    { entity?: JsonObject; entities?: Array<JsonObject | null> }
  >({
    id: 'catalog:fetch',
    description: 'Reads one or several entities from the catalog, as whoever created the task may see them.',
    supportsDryRun: true,
    examples: [
      {
        description: 'One entity',
        example: `steps:
  - id: team
    name: Look up the team
    action: catalog:fetch
    input:
      entityRef: group:default/digital
`,
      },
      {
        description: 'Several, by short references, of which some may be missing',
        example: `steps:
  - id: teams
    name: Look up the teams
    action: catalog:fetch
    input:
      entityRefs: [digital, sound]
      defaultKind: group
      optional: true
`,
      },
    ],
    schema: {
      input: {
        type: 'object',
        additionalProperties: false,
        properties: {
          entityRef: { type: 'string', title: 'Reference', description: 'Of the entity' },
          entityRefs: {
            type: 'array',
            items: { type: 'string' },
            title: 'References',
            description: 'Of several entities',
          },
          optional: {
            type: 'boolean',
            title: 'Optional',
            description: 'Goes on where an entity is not there',
            default: false,
          },
          defaultKind: { type: 'string', title: 'Kind', description: 'Of references that have none' },
          defaultNamespace: {
            type: 'string',
            title: 'Namespace',
            description: 'Of references that have none',
          },
        },
      },
      output: {
        type: 'object',
        properties: {
          entity: { ...entitySchema, description: 'With entityRef' },
          entities: {
            type: 'array',
            items: entitySchema,
            description: 'With entityRefs, in their order; null for what is missing',
          },
        },
      },
    },
    async handler(ctx) {
      const { entityRef, entityRefs, optional, ...defaults } = ctx.input;
      const given = entityRefs ?? (entityRef === undefined ? undefined : [entityRef]);
      if (!given) throw new InputError('Give entityRef or entityRefs.');
      const refs = given.map(ref => stringifyEntityRef(parseEntityRef(ref, defaults)));
      const credentials = await ctx.getInitiatorCredentials();
      ctx.signal?.throwIfAborted();
      const { items } = await catalog.getEntitiesByRefs({ entityRefs: refs }, { credentials });
      const missing = refs.filter((_, index) => !items[index]);
      if (missing.length > 0 && !optional) {
        throw new NotFoundError(
          `The catalog has no ${missing.join(', ')}, or you may not see it. Set optional to go on without.`,
        );
      }
      const found = refs.map((_, index) => (items[index] ?? null) as JsonObject | null);
      if (entityRefs) ctx.output('entities', found);
      else if (found[0]) ctx.output('entity', found[0]);
    },
  });
}
