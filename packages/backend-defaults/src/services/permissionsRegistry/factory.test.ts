// A whole backend in which a permission plugin decides by conditions that another plugin applies, over real HTTP.
import { createPermission } from '@backstage/plugin-permission-common';
import { coreServices, type PermissionResourceRef, type PermissionRule } from '@greenroom/backend-plugin-api';
import { createModule, createPlugin } from '@greenroom/testing';
import express from 'express';
import { z } from 'zod';
import { z as z3 } from 'zod/v3';
import { principalOf, standInAuthFactories, tokenOf, userCredentials } from '../../testing/standInAuth';
import { startBackend, type StartedBackend } from '../../testing/startBackend';

interface Thing {
  owner: string;
  size: number;
}

const thingRef = {
  $$type: '@backstage/PermissionResourceRef',
  pluginId: 'things',
  resourceType: 'thing',
} as PermissionResourceRef<Thing, object, 'thing'>;
const readThing = createPermission({
  name: 'thing.read',
  attributes: { action: 'read' },
  resourceType: 'thing',
});
const create = createPermission({ name: 'thing.create', attributes: { action: 'create' } });
const isOwner: PermissionRule<Thing, object, 'thing', { owners: string[] }> = {
  name: 'isOwner',
  description: 'Owned by one of these',
  resourceType: 'thing',
  paramsSchema: z.object({ owners: z.array(z.string()) }),
  apply: ({ owner }, { owners }) => owners.includes(owner),
  toQuery: ({ owners }) => ({ owners }),
};
const isLarger: PermissionRule<Thing, object, 'thing', { than: number }> = {
  name: 'isLarger',
  description: 'Larger than that',
  resourceType: 'thing',
  paramsSchema: z3.object({ than: z3.number() }),
  apply: ({ size }, { than }) => size > than,
  toQuery: ({ than }) => ({ than }),
};
const isThing: PermissionRule<Thing, object, 'thing'> = {
  name: 'isThing',
  description: 'Always',
  resourceType: 'thing',
  apply: () => true,
  toQuery: () => ({}),
};

const things: Record<string, Thing | null> = {
  hat: { owner: 'jo', size: 1 },
  stage: { owner: 'ann', size: 9 },
  // As databases give what is not there.
  gone: null,
};
const loaded: string[][] = [];

const thingsPlugin = createPlugin('things', {
  deps: {
    http: coreServices.httpRouter,
    httpAuth: coreServices.httpAuth,
    permissions: coreServices.permissions,
    registry: coreServices.permissionsRegistry,
  },
  async init({ http, httpAuth, permissions, registry }) {
    registry.addResourceType({
      resourceRef: thingRef,
      permissions: [readThing],
      rules: [isOwner, isThing],
      getResources: async refs => {
        loaded.push(refs);
        return refs.map(ref => things[ref] as Thing | undefined);
      },
    });
    registry.addPermissions([create]);
    registry.addResourceType({
      resourceRef: { ...thingRef, resourceType: 'closed' } as PermissionResourceRef<Thing, object, 'closed'>,
      rules: [],
    });
    http.use(async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const resourceRef = req.path.slice(1);
      const [decision] = await permissions.authorize([{ permission: readThing, resourceRef }], {
        credentials,
      });
      res.json(decision);
    });
  },
});

// A module runs before its plugin, so its rule comes before the type that it is for.
const sizesModule = createModule('things', 'sizes', {
  deps: { registry: coreServices.permissionsRegistry },
  async init({ registry }) {
    registry.addPermissionRules([isLarger]);
  },
});

/** Allows users what they own, by conditions, and asks the plugin to apply them. */
const permissionPlugin = createPlugin('permission', {
  deps: { auth: coreServices.auth, discovery: coreServices.discovery, http: coreServices.httpRouter },
  async init({ auth, discovery, http }) {
    http.use(express.json());
    http.use(async (req, res) => {
      const principal = principalOf(req.headers.authorization) as { userEntityRef: string };
      const { token } = await auth.getPluginRequestToken({
        onBehalfOf: await auth.getOwnServiceCredentials(),
        targetPluginId: 'things',
      });
      const owners = [principal.userEntityRef.split('/')[1]];
      const conditions = { resourceType: 'thing', rule: 'isOwner', params: { owners } };
      const response = await fetch(
        `${await discovery.getBaseUrl('things')}/.well-known/backstage/permissions/apply-conditions`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({
            items: req.body.items.map((item: object) => ({ ...item, resourceType: 'thing', conditions })),
          }),
        },
      );
      res.json(await response.json());
    });
  },
});

let backend: StartedBackend;

beforeAll(async () => {
  backend = await startBackend({
    config: { permission: { enabled: true } },
    services: standInAuthFactories,
    features: [thingsPlugin, sizesModule, permissionPlugin],
  });
});

afterAll(() => backend.stop());

beforeEach(() => void loaded.splice(0));

async function get(path: string, user?: string): Promise<{ status: number; body: any }> {
  const auth = user && { authorization: `Bearer ${btoa(JSON.stringify(userCredentials(user)))}` };
  const response = await fetch(`${backend.url}/api/things${path}`, { headers: { ...auth } });
  return { status: response.status, body: await response.json() };
}

async function apply(
  items: unknown,
  by: Parameters<typeof tokenOf>[0] = { type: 'service', subject: 'plugin:permission' },
): Promise<{ status: number; body: any }> {
  const response = await fetch(
    `${backend.url}/api/things/.well-known/backstage/permissions/apply-conditions`,
    {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokenOf(by)}`,
      },
      body: JSON.stringify({ items }),
    },
  );
  return { status: response.status, body: await response.json() };
}

it('decides by conditions that the plugin applies', async () => {
  expect(await get('/hat', 'jo')).toEqual({ status: 200, body: { result: 'ALLOW' } });
  expect(await get('/stage', 'jo')).toEqual({ status: 200, body: { result: 'DENY' } });
  expect(await get('/stage', 'ann')).toEqual({ status: 200, body: { result: 'ALLOW' } });
  expect(await get('/nothing', 'jo')).toEqual({ status: 200, body: { result: 'DENY' } });
});

it('describes what the plugin protects, rules of modules included', async () => {
  const { body } = await get('/.well-known/backstage/permissions/metadata', 'jo');
  const schema = (properties: object, required: string[]) =>
    expect.objectContaining({ type: 'object', properties, required });
  expect(body.permissions).toEqual([readThing, create]);
  expect(body.rules).toEqual([
    {
      name: 'isLarger',
      description: 'Larger than that',
      resourceType: 'thing',
      paramsSchema: schema({ than: { type: 'number' } }, ['than']),
    },
    {
      name: 'isOwner',
      description: 'Owned by one of these',
      resourceType: 'thing',
      paramsSchema: schema({ owners: { type: 'array', items: { type: 'string' } } }, ['owners']),
    },
    { name: 'isThing', description: 'Always', resourceType: 'thing' },
  ]);
});

const condition = (rule: string, params?: object) => ({ resourceType: 'thing', rule, params });
const item = (resourceRef: unknown, conditions: unknown) => ({
  id: '1',
  resourceType: 'thing',
  resourceRef,
  conditions,
});
const owned = condition('isOwner', { owners: ['jo'] });
const large = condition('isLarger', { than: 5 });

it.each([
  [owned, ['ALLOW', 'DENY']],
  [{ not: owned }, ['DENY', 'ALLOW']],
  [{ anyOf: [owned, large] }, ['ALLOW', 'ALLOW']],
  [{ allOf: [owned, large] }, ['DENY', 'DENY']],
  [{ allOf: [condition('isThing'), { not: { anyOf: [{ not: large }] } }] }, ['DENY', 'ALLOW']],
])('applies %j, and denies what is not there', async (conditions, result) => {
  expect(await apply([item(['hat', 'stage', 'nothing', 'gone'], conditions)])).toEqual({
    status: 200,
    body: { items: [{ id: '1', result: [...result, 'DENY', 'DENY'] }] },
  });
});

it('applies conditions for plugins, also on behalf of a user, and not for users', async () => {
  const { principal } = userCredentials('jo');
  expect(await apply([item('stage', owned)], principal)).toMatchObject({
    status: 403,
    body: { error: { name: 'NotAllowedError' } },
  });
  expect(loaded).toEqual([]);
  const actor = { type: 'service' as const, subject: 'plugin:permission' };
  expect((await apply([item('stage', owned)], { ...principal, actor })).status).toBe(200);
});

it.each([
  ['by no plugin whose routes anybody may call', false, 401],
  ['where the backend lets everybody do everything', true, 200],
])('applies conditions for nobody in particular: %s', async (_, disabled, status) => {
  const openPlugin = createPlugin('things', {
    deps: { http: coreServices.httpRouter, registry: coreServices.permissionsRegistry },
    async init({ http, registry }) {
      registry.addResourceType({
        resourceRef: thingRef,
        rules: [isOwner],
        getResources: async refs => refs.map(ref => things[ref]!),
      });
      http.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
    },
  });
  const open = await startBackend({
    config: { backend: { auth: { dangerouslyDisableDefaultAuthPolicy: disabled } } },
    features: [openPlugin],
  });
  const url = `${open.url}/api/things/.well-known/backstage/permissions/apply-conditions`;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ items: [item('hat', owned)] });
  const answer = await fetch(url, { method: 'POST', headers, body });
  await open.stop();
  expect(answer.status).toBe(status);
});

it('loads the resources of all entries in one go', async () => {
  const { body } = await apply([
    item('hat', owned),
    { ...item(['stage', 'hat'], large), id: '2' },
    { ...item([], large), id: '3' },
  ]);
  expect(body.items).toEqual([
    { id: '1', result: 'ALLOW' },
    { id: '2', result: ['ALLOW', 'DENY'] },
    { id: '3', result: [] },
  ]);
  expect(loaded).toEqual([['hat', 'stage']]);
  expect(await apply([])).toEqual({ status: 200, body: { items: [] } });
});

const deep = Array.from({ length: 200 }).reduce<unknown>(not => ({ not }), owned);
const deepList = Array.from({ length: 200 }).reduce<unknown>(one => ({ allOf: [one] }), owned);

it.each([
  [{}, 400, 'The body must be an object with a list of items'],
  [[null], 400, 'items[0] must be an object'],
  [[item(1, owned)], 400, 'items[0].resourceRef must be a string or a list of strings'],
  [[item(['hat', 1], owned)], 400, 'items[0].resourceRef must be a string or a list of strings'],
  [[{ ...item('hat', owned), id: 1 }], 400, 'items[0].id must be a string'],
  [[item('hat', null)], 400, 'items[0].conditions must be an object'],
  [[item('hat', { allOf: [] })], 400, 'items[0].conditions.allOf must be a list that is not empty'],
  [[item('hat', { anyOf: [{ not: 1 }] })], 400, 'items[0].conditions.anyOf[0].not must be an object'],
  [[item('hat', { resourceType: 'thing' })], 400, 'items[0].conditions.rule must be a string'],
  [[item('hat', { ...owned, params: [] })], 400, 'items[0].conditions.params must be an object'],
  [[item('hat', deep)], 400, 'Conditions are nested more than 100 levels deep'],
  [[item('hat', deepList)], 400, 'Conditions are nested more than 100 levels deep'],
  [
    [item('hat', condition('isRed'))],
    400,
    "Resource type 'thing' of plugin 'things' has no permission rule 'isRed'; it has 'isLarger', 'isOwner', 'isThing'",
  ],
  [
    [item('hat', { ...owned, resourceType: 'else' })],
    400,
    "The condition 'isOwner' is for resource type 'else', and the request for 'thing'",
  ],
  [
    [{ ...item('hat', owned), resourceType: 'else' }],
    400,
    "The resource type 'else' is not known here; known: thing, closed",
  ],
  [
    [{ ...item('hat', owned), resourceType: 'closed' }],
    501,
    "Conditions on 'closed' can't be applied over HTTP: its plugin registered no getResources",
  ],
])('refuses %j', async (items, status, message) => {
  expect(await apply(items)).toMatchObject({ status, body: { error: { message } } });
  expect(loaded).toEqual([]);
});

it('names each parameter that is wrong', async () => {
  const wrong = [
    condition('isOwner', { owners: [1] }),
    condition('isLarger', { than: '5' }),
    condition('isOwner'),
  ];
  const answers = await Promise.all(wrong.map(one => apply([item('hat', one)])));
  expect(answers.map(({ status, body }) => [status, body.error.message])).toEqual([
    [
      400,
      expect.stringMatching(
        /^The parameters of permission rule 'isOwner' for 'thing' are not valid: owners\.0: /,
      ),
    ],
    [
      400,
      expect.stringMatching(
        /^The parameters of permission rule 'isLarger' for 'thing' are not valid: than: /,
      ),
    ],
    [
      400,
      expect.stringMatching(
        /^The parameters of permission rule 'isOwner' for 'thing' are not valid: owners: /,
      ),
    ],
  ]);
});
