// The rules for policies that allow access to certain entities only.
import { createRequire } from 'node:module';
import type { Entity } from '@backstage/catalog-model';
import type { PermissionRule } from '@greenroom/backend-plugin-api';
import type { EntitiesSearchFilter } from '@greenroom/plugin-catalog-node';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod';
import { toFieldCondition } from '../query/EntityCondition';
import { meetsCondition } from '../query/meetsCondition';
import { fieldValues } from '../stitching/searchRows';

/** The values of rule parameters, as they appear in conditions. */
type EntityRuleParams = Record<string, string | string[] | undefined>;

type Rule = PermissionRule<Entity, EntitiesSearchFilter, 'catalog-entity', EntityRuleParams>;

/** The part of a rule that is specific to it. Each rule tests a single field. */
interface EntityRule {
  readonly name: string;
  readonly description: string;
  readonly paramsSchema: ParamsSchema;
  readonly toQuery: (params: EntityRuleParams) => EntitiesSearchFilter;
}

type ParamsSchema = StandardSchemaV1<EntityRuleParams> & StandardJSONSchemaV1<EntityRuleParams>;

/** A schema that is created by `make` on first use, so that zod is only loaded once a policy uses a rule. */
function entityRuleParams(make: (zod: typeof z) => z.ZodType<EntityRuleParams>): ParamsSchema {
  let made: z.ZodType<EntityRuleParams> | undefined;
  const standard = () => (made ??= make(loadZod()))['~standard'];
  return {
    '~standard': {
      version: 1,
      vendor: 'zod',
      validate: value => standard().validate(value) as StandardSchemaV1.Result<EntityRuleParams>,
      jsonSchema: {
        input: options => standard().jsonSchema.input(options),
        output: options => standard().jsonSchema.output(options),
      },
    },
  };
}

/** Synchronous, because rules are evaluated synchronously. */
function loadZod(): typeof z {
  return (createRequire(__filename)('zod') as typeof import('zod')).z;
}

/** The database evaluates `toQuery` for lists. `apply` evaluates the same query on the same values, so that both agree. */
function entityRule(rule: EntityRule): Rule {
  return {
    ...rule,
    resourceType: 'catalog-entity',
    apply(entity, params) {
      const condition = toFieldCondition(rule.toQuery(params));
      return meetsCondition(fieldValues(entity, condition.key), condition);
    },
  };
}

/** `parameter` names the field below `parent`. */
function fieldRule(
  name: string,
  { what, parameter, parent }: { what: string; parameter: string; parent: string },
): Rule {
  return entityRule({
    name,
    description: `Allow entities that have ${what}`,
    paramsSchema: entityRuleParams(z =>
      z.strictObject({
        [parameter]: z.string().describe(`The name of ${what}`),
        value: z.string().optional().describe('The value that the field must have; any if it is missing'),
      }),
    ),
    toQuery: params => ({
      key: `${parent}.${params[parameter]}`,
      ...(params.value !== undefined && { values: [params.value as string] }),
    }),
  });
}

/** With the names that policies for Backstage's catalog use. */
export const catalogPermissionRules: Rule[] = [
  fieldRule('HAS_ANNOTATION', {
    what: 'an annotation',
    parameter: 'annotation',
    parent: 'metadata.annotations',
  }),
  fieldRule('HAS_LABEL', { what: 'a label', parameter: 'label', parent: 'metadata.labels' }),
  fieldRule('HAS_METADATA', { what: 'a field of metadata', parameter: 'key', parent: 'metadata' }),
  fieldRule('HAS_SPEC', { what: 'a field of spec', parameter: 'key', parent: 'spec' }),
  entityRule({
    name: 'IS_ENTITY_KIND',
    description: 'Allow entities of some kinds',
    paramsSchema: entityRuleParams(z => z.strictObject({ kinds: z.array(z.string()).describe('The kinds') })),
    toQuery: ({ kinds }) => ({ key: 'kind', values: kinds as string[] }),
  }),
  entityRule({
    name: 'IS_ENTITY_OWNER',
    description: 'Allow entities that are owned by someone',
    paramsSchema: entityRuleParams(z =>
      z.strictObject({ claims: z.array(z.string()).describe('The references of the owners') }),
    ),
    toQuery: ({ claims }) => ({ key: 'relations.ownedBy', values: claims as string[] }),
  }),
];
