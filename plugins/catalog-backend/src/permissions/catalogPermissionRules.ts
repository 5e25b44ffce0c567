// The rules by which policies can allow some entities and not others.
import { createRequire } from 'node:module';
import type { Entity } from '@backstage/catalog-model';
import type { PermissionRule } from '@greenroom/backend-plugin-api';
import type { EntitiesSearchFilter } from '@greenroom/plugin-catalog-node';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod';
import { valueAt } from '../jsonShapes';

/** Values of parameters, as conditions carry them. */
type EntityRuleParams = Record<string, string | string[] | undefined>;

type Rule = PermissionRule<Entity, EntitiesSearchFilter, 'catalog-entity', EntityRuleParams>;

const resourceType = 'catalog-entity';

/** The schema that `make` makes when it is first asked for anything: zod is loaded when a policy first uses a rule. */
function entityRuleParams(
  make: (zod: typeof z) => z.ZodType<EntityRuleParams>,
): StandardSchemaV1<EntityRuleParams> & StandardJSONSchemaV1<EntityRuleParams> {
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

/** Synchronously, because rules are judged so. */
function loadZod(): typeof z {
  return (createRequire(__filename)('zod') as typeof import('zod')).z;
}

/** Has the entity the field, with the value if there is one? Lists have each of their items. */
function has(field: unknown, wanted: string | undefined): boolean {
  if (field === undefined) return false;
  if (wanted === undefined) return true;
  const items: unknown[] = Array.isArray(field) ? field : [field];
  return items.some(item => String(item).toLowerCase() === wanted.toLowerCase());
}

/** Keys may have dots themselves, so every way to split the path is tried. */
function fieldAt(object: unknown, path: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  const own = (key: string): unknown =>
    Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
  const whole = own(path);
  if (whole !== undefined) return whole;
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const found = fieldAt(own(path.slice(0, dot)), path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

function fieldRule(name: string, what: string, parameter: string, parent: string): Rule {
  const path = parent.split('.');
  return {
    name,
    description: `Allow entities that have ${what}`,
    resourceType,
    paramsSchema: entityRuleParams(z =>
      z.object({
        [parameter]: z.string().describe(`The name of ${what}`),
        value: z.string().optional().describe('The value that the field must have; any if it is missing'),
      }),
    ),
    apply: (entity, params) =>
      has(fieldAt(valueAt(entity, path), params[parameter] as string), params.value as string),
    toQuery: params => ({
      key: `${parent}.${params[parameter]}`,
      ...(params.value !== undefined && { values: [params.value as string] }),
    }),
  };
}

/** Matched by name with the conditions that policies for Backstage's catalog give. */
export const catalogPermissionRules: Rule[] = [
  fieldRule('HAS_ANNOTATION', 'an annotation', 'annotation', 'metadata.annotations'),
  fieldRule('HAS_LABEL', 'a label', 'label', 'metadata.labels'),
  fieldRule('HAS_METADATA', 'a field of metadata', 'key', 'metadata'),
  fieldRule('HAS_SPEC', 'a field of spec', 'key', 'spec'),
  {
    name: 'IS_ENTITY_KIND',
    description: 'Allow entities of some kinds',
    resourceType,
    paramsSchema: entityRuleParams(z => z.object({ kinds: z.array(z.string()).describe('The kinds') })),
    apply: (entity, { kinds }) => has(kinds, entity.kind),
    toQuery: ({ kinds }) => ({ key: 'kind', values: kinds as string[] }),
  },
  {
    name: 'IS_ENTITY_OWNER',
    description: 'Allow entities that are owned by someone',
    resourceType,
    paramsSchema: entityRuleParams(z =>
      z.object({ claims: z.array(z.string()).describe('The references of the owners') }),
    ),
    apply: (entity, { claims }) =>
      (entity.relations ?? []).some(({ type, targetRef }) => type === 'ownedBy' && has(claims, targetRef)),
    toQuery: ({ claims }) => ({ key: 'relations.ownedBy', values: claims as string[] }),
  },
];
