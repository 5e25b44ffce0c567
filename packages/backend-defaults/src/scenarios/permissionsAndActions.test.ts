// Permissions and actions with every default in place: real tokens between plugins, and a restricted caller from outside.
import { createPermission } from '@backstage/plugin-permission-common';
import { coreServices } from '@greenroom/backend-plugin-api';
import { actionsRegistryServiceRef, actionsServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { createPlugin } from '@greenroom/testing';
import { startBackend, type StartedBackend } from '../testing/startBackend';

const read = createPermission({ name: 'thing.read', attributes: { action: 'read' } });
const remove = createPermission({ name: 'thing.delete', attributes: { action: 'delete' } });

let purged = 0;
const things = createPlugin('things', {
  deps: {
    http: coreServices.httpRouter,
    httpAuth: coreServices.httpAuth,
    permissions: coreServices.permissions,
    registry: coreServices.permissionsRegistry,
    actions: actionsRegistryServiceRef,
  },
  async init({ actions, http, httpAuth, permissions, registry }) {
    registry.addPermissions([read, remove]);
    actions.register({
      name: 'count',
      title: 'Count',
      description: 'Counts things',
      visibilityPermission: read,
      schema: { input: z => z.object({}), output: z => z.object({ caller: z.string() }) },
      action: async ({ credentials }) => ({
        output: { caller: (credentials.principal as { subject: string }).subject },
      }),
    });
    actions.register({
      name: 'purge',
      title: 'Purge',
      description: 'Deletes all things',
      visibilityPermission: remove,
      schema: { input: z => z.object({}), output: z => z.object({}) },
      action: async () => {
        purged++;
        return { output: {} };
      },
    });
    http.use(async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const requests = [{ permission: read }, { permission: remove }];
      const decisions = await permissions.authorize(requests, { credentials });
      res.json(decisions.map(({ result }) => result));
    });
  },
});

/** What the other plugin does when it is told to. */
let callActions!: () => Promise<unknown[]>;
const caller = createPlugin('caller', {
  deps: { actions: actionsServiceRef, auth: coreServices.auth, http: coreServices.httpRouter },
  async init({ actions, auth }) {
    callActions = async () => {
      const credentials = await auth.getOwnServiceCredentials();
      const listed = await actions.list({ credentials });
      return [listed.actions.map(({ id }) => id), await actions.invoke({ id: 'things:count', credentials })];
    };
  },
});

let backend: StartedBackend;

beforeAll(async () => {
  const externalAccess = [
    { type: 'static', options: { token: 'unlimited-token-1', subject: 'admin' } },
    {
      type: 'static',
      options: { token: 'restricted-token-1', subject: 'reader' },
      accessRestrictions: [{ plugin: 'things', permission: 'thing.read' }],
    },
  ];
  backend = await startBackend({
    config: {
      permission: { enabled: true },
      backend: { auth: { externalAccess }, actions: { pluginSources: ['things'] } },
    },
    features: [things, caller],
  });
});

afterAll(() => backend.stop());

const get = (path: string, token?: string, method = 'GET') =>
  fetch(`${backend.url}/api/things${path}`, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }) },
  });

it('calls actions of another plugin with its own token', async () => {
  expect(await callActions()).toEqual([
    ['things:count', 'things:purge'],
    { output: { caller: 'plugin:caller' } },
  ]);
});

it.each([
  ['unlimited-token-1', ['ALLOW', 'ALLOW']],
  ['restricted-token-1', ['ALLOW', 'DENY']],
])('holds a caller from outside to its restrictions: %s', async (token, decisions) => {
  expect(await (await get('/', token)).json()).toEqual(decisions);
});

it('shows and runs no action that the restrictions of the caller leave out', async () => {
  const base = '/.backstage/actions/v1/actions';
  const idsFor = async (token: string) => {
    const { actions } = (await (await get(base, token)).json()) as { actions: Array<{ id: string }> };
    return actions.map(({ id }) => id);
  };
  expect(await idsFor('unlimited-token-1')).toEqual(['things:count', 'things:purge']);
  expect(await idsFor('restricted-token-1')).toEqual(['things:count']);
  const invoke = async (name: string, token: string) =>
    (await get(`${base}/things:${name}/invoke`, token, 'POST')).status;
  expect(await invoke('count', 'restricted-token-1')).toBe(200);
  expect([await invoke('purge', 'restricted-token-1'), purged]).toEqual([404, 0]);
  expect([await invoke('purge', 'unlimited-token-1'), purged]).toEqual([200, 1]);
});

it.each(['/.well-known/backstage/permissions/metadata', '/.backstage/actions/v1/actions'])(
  'shows %s to nobody without credentials',
  async path => {
    expect((await get(path)).status).toBe(401);
    expect((await get(path, 'wrong')).status).toBe(401);
    expect((await get(path, 'unlimited-token-1')).status).toBe(200);
  },
);
