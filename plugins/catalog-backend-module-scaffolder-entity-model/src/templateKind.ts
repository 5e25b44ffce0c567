// The kind Template of the scaffolder, with the minimal schema for a usable template.
import type { EntityKindDefinition } from '@greenroom/plugin-catalog-node';
import {
  loadCatalogModel,
  RELATION_OWNED_BY,
  RELATION_OWNER_OF,
} from '@greenroom/plugin-catalog-node/internal';

const apiVersion = 'scaffolder.backstage.io/v1beta3';
const text = { type: 'string', minLength: 1 };

const schema = {
  $id: 'TemplateV1beta3',
  allOf: [
    { $ref: 'Entity' },
    {
      type: 'object',
      required: ['spec'],
      properties: {
        apiVersion: { enum: [apiVersion] },
        kind: { enum: ['Template'] },
        spec: {
          type: 'object',
          required: ['type', 'steps'],
          properties: {
            type: text,
            owner: text,
            parameters: { anyOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' } }] },
            steps: {
              type: 'array',
              items: {
                type: 'object',
                required: ['action'],
                properties: {
                  id: text,
                  name: text,
                  action: text,
                  input: { type: 'object' },
                  if: { type: ['string', 'boolean'] },
                  each: { type: ['string', 'array'] },
                },
              },
            },
            output: { type: 'object' },
          },
        },
      },
    },
  ],
};

/** Compiled for the first template, because it takes a while, and a starting backend may not need it yet. */
let checkSchema: ReturnType<ReturnType<typeof loadCatalogModel>['entityKindSchemaValidator']> | undefined;

/** Validates the steps of a template, but not the input of their actions. */
export const templateKind: EntityKindDefinition = {
  kind: 'Template',
  apiVersions: [apiVersion],
  validator: {
    check: async entity =>
      (checkSchema ??= loadCatalogModel().entityKindSchemaValidator(schema))(entity) !== false,
  },
  relations: [{ field: 'owner', type: RELATION_OWNED_BY, inverse: RELATION_OWNER_OF, defaultKind: 'Group' }],
};
