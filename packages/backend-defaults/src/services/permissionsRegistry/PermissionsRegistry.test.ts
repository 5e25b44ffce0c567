// What can be registered in which order, and what contradicts.
import { createPermission } from '@backstage/plugin-permission-common';
import type { PermissionResourceRef, PermissionRule } from '@greenroom/backend-plugin-api';
import { z } from 'zod';
import { applyConditions } from './applyConditions';
import { PermissionsRegistry } from './PermissionsRegistry';

const ref = (resourceType: string, pluginId = 'things') =>
  ({ $$type: '@backstage/PermissionResourceRef', resourceType, pluginId }) as PermissionResourceRef<
    unknown,
    unknown,
    string
  >;
const rule = (name: string, resourceType = 'thing'): PermissionRule<unknown, unknown, string> => ({
  name,
  resourceType,
  description: name,
  apply: () => true,
  toQuery: () => ({}),
});
const permission = createPermission({ name: 'thing.create', attributes: { action: 'create' } });

it('finds rules by name, those of modules included, before and after the type is added', () => {
  const registry = new PermissionsRegistry('things');
  registry.addPermissionRules([rule('early')]);
  registry.addResourceType({ resourceRef: ref('thing'), rules: [rule('own')] });
  const ruleset = registry.getPermissionRuleset(ref('thing'));
  registry.addPermissionRules([rule('late')]);
  expect(['early', 'own', 'late'].map(name => ruleset.getRuleByName(name).description)).toEqual([
    'early',
    'own',
    'late',
  ]);
  expect(() => ruleset.getRuleByName('other')).toThrow(
    "Resource type 'thing' of plugin 'things' has no permission rule 'other'; it has 'early', 'own', 'late'",
  );
});

it('gives the rules of a type that is registered later, as the catalog of Backstage asks for them', () => {
  const registry = new PermissionsRegistry('things');
  const ruleset = registry.getPermissionRuleset(ref('thing'));
  expect(() => ruleset.getRuleByName('own')).toThrow(
    "Resource type 'thing' of plugin 'things' has no permission rule 'own'; it has none",
  );
  registry.addResourceType({ resourceRef: ref('thing'), rules: [rule('own')] });
  expect(ruleset.getRuleByName('own').description).toBe('own');
});

it('takes the same permission twice, and tells apart types with rules of the same name', async () => {
  const registry = new PermissionsRegistry('things');
  registry.addPermissions([permission]);
  registry.addResourceType({
    resourceRef: ref('thing'),
    permissions: [{ ...permission }],
    rules: [rule('isMine')],
  });
  registry.addResourceType({ resourceRef: ref('else'), rules: [rule('isMine', 'else')] });
  expect(await registry.metadata()).toMatchObject({
    permissions: [permission],
    rules: [{ resourceType: 'thing' }, { resourceType: 'else' }],
  });
});

it.each<[string, (registry: PermissionsRegistry) => void, string]>([
  [
    'a permission with two meanings',
    registry => registry.addPermissions([{ ...permission, attributes: {} }]),
    "The permission 'thing.create' is registered twice, with different definitions",
  ],
  [
    'a rule twice',
    registry => registry.addPermissionRules([rule('isMine')]),
    "The permission rule 'isMine' of resource type 'thing' is registered twice",
  ],
  [
    'a type twice',
    registry => registry.addResourceType({ resourceRef: ref('thing'), rules: [] }),
    "The resource type 'thing' is registered twice",
  ],
  [
    'the type of another plugin',
    registry => registry.addResourceType({ resourceRef: ref('entity', 'catalog'), rules: [] }),
    "The resource type 'entity' belongs to plugin 'catalog' and can't be registered by plugin 'things'",
  ],
  [
    'a rule of another type',
    registry => registry.addResourceType({ resourceRef: ref('else'), rules: [rule('isMine')] }),
    "The permission rule 'isMine' is for resource type 'thing', and was registered with 'else'",
  ],
  [
    'a schema that is none',
    registry =>
      registry.addPermissionRules([{ ...rule('isRed'), paramsSchema: { type: 'object' } as never }]),
    "The parameters of permission rule 'isRed' of resource type 'thing' are described by something that is not a schema",
  ],
  [
    'a schema that describes nothing',
    registry =>
      registry.addPermissionRules([
        {
          ...rule('isRed'),
          paramsSchema: { '~standard': { vendor: 'acme', version: 1, validate() {} } } as never,
        },
      ]),
    "The parameters of permission rule 'isRed' of resource type 'thing' are described by a schema of acme that does not convert to JSON Schema",
  ],
])('refuses %s', (_, register, message) => {
  const registry = new PermissionsRegistry('things');
  registry.addPermissions([permission]);
  registry.addResourceType({ resourceRef: ref('thing'), rules: [rule('isMine')] });
  expect(() => register(registry)).toThrow(
    expect.objectContaining({
      code: 'GR_PERMISSION_REGISTRATION',
      message: expect.stringContaining(`${message} (plugin 'things' -> service 'core.permissionsRegistry')`),
    }),
  );
});

it('does not decide about the wrong resources where a plugin loads too few', async () => {
  const registry = new PermissionsRegistry('things');
  registry.addResourceType({
    resourceRef: ref('thing'),
    rules: [rule('isMine')],
    getResources: async () => [],
  });
  const conditions = { resourceType: 'thing', rule: 'isMine' };
  await expect(
    applyConditions(registry, [{ id: '1', resourceType: 'thing', resourceRef: 'a', conditions }]),
  ).rejects.toThrow("getResources of resource type 'thing' gave 0 resources for 1 references");
});

it('does not decide by a rule whose parameters nobody has looked at yet', async () => {
  const registry = new PermissionsRegistry('things');
  const paramsSchema = z.object({ name: z.string().refine(async () => false) });
  registry.addResourceType({
    resourceRef: ref('thing'),
    rules: [{ ...rule('isCalled'), paramsSchema } as never],
    getResources: async refs => refs,
  });
  const conditions = { resourceType: 'thing', rule: 'isCalled', params: { name: 'a' } };
  await expect(
    applyConditions(registry, [{ id: '1', resourceType: 'thing', resourceRef: 'a', conditions }]),
  ).rejects.toThrow("The parameters of permission rule 'isCalled' are validated asynchronously");
});
