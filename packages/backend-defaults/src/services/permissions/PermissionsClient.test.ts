// Decisions for services without asking anybody, and for others by a permission plugin over real HTTP.
import { createPermission } from '@backstage/plugin-permission-common';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { credentialsOf, standInAuth, tokenOf, userCredentials } from '../../testing/standInAuth';
import { isOutOfReach } from '../../remote/outages';
import { WebServer } from '../../testing/WebServer';
import { PermissionsClient } from './PermissionsClient';

const create = createPermission({ name: 'thing.create', attributes: { action: 'create' } });
const plain = createPermission({ name: 'thing.poke', attributes: {} });
const read = createPermission({ name: 'thing.read', attributes: { action: 'read' }, resourceType: 'thing' });
const conditional = {
  result: 'CONDITIONAL',
  pluginId: 'things',
  resourceType: 'thing',
  conditions: { resourceType: 'thing', rule: 'isMine' },
} as const;

type Item = { id: string; permission: { name: string }; resourceRef?: string };

let server: Server;
let url: string;
let received: Array<{ authorization?: string; url?: string; items: Item[] }>;
/** What the permission plugin answers; the body is sent as it is where it is a string. Without one the connection is cut. */
let answer: (items: Item[]) => { status?: number; body?: unknown };

beforeAll(async () => {
  server = createServer(async (req, res) => {
    const { items } = (await new Response(req as never).json()) as { items: Item[] };
    received.push({ authorization: req.headers.authorization, url: req.url, items });
    const { status = 200, body } = answer(items);
    if (body === undefined) return void res.destroy();
    res.writeHead(status, { 'content-type': 'application/json' });
    res.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/permission`;
});

afterAll(() => new Promise(resolve => server.close(resolve)));

beforeEach(() => {
  received = [];
  answer = items => ({ body: { items: items.map(({ id }) => ({ id, result: 'ALLOW' })) } });
});

function client(options: { enabled?: boolean; baseUrl?: string } = {}) {
  const { enabled = true, baseUrl = url } = options;
  return new PermissionsClient({
    auth: standInAuth('things'),
    discovery: { getBaseUrl: async id => (id === 'permission' ? baseUrl : 'http://nowhere.invalid') },
    enabled,
    pluginId: 'things',
  });
}

const asUser = { credentials: userCredentials('jo') };

it('allows everything and asks nobody where permissions are not enabled', async () => {
  const nobody = { credentials: credentialsOf({ type: 'none' }) };
  const service = { credentials: credentialsOf({ type: 'service', subject: 'plugin:catalog' }) };
  const permissions = client({ enabled: false });
  for (const options of [asUser, nobody, service]) {
    expect(await permissions.authorize([{ permission: create }], options)).toEqual([{ result: 'ALLOW' }]);
    expect(await permissions.authorizeConditional([{ permission: read }], options)).toEqual([
      { result: 'ALLOW' },
    ]);
  }
  expect(received).toEqual([]);
});

it('asks once for all requests, in the name of the user, and keeps their order', async () => {
  answer = items => ({
    body: {
      items: items
        .map(({ id, resourceRef }) => ({ id, result: resourceRef === 'b' ? 'DENY' : 'ALLOW' }))
        .reverse(),
    },
  });
  const decisions = await client().authorize(
    [{ permission: create }, { permission: read, resourceRef: 'a' }, { permission: read, resourceRef: 'b' }],
    asUser,
  );
  expect(decisions).toEqual([{ result: 'ALLOW' }, { result: 'ALLOW' }, { result: 'DENY' }]);
  expect(received).toHaveLength(1);
  expect(received[0]!.url).toBe('/api/permission/authorize');
  expect(received[0]!.authorization).toBe(`Bearer ${tokenOf(asUser.credentials.principal, 'permission')}`);
  expect(received[0]!.items).toEqual([
    { id: expect.any(String), permission: create },
    { id: expect.any(String), permission: read, resourceRef: 'a' },
    { id: expect.any(String), permission: read, resourceRef: 'b' },
  ]);
  expect(await client().authorize([], asUser)).toEqual([]);
  expect(received).toHaveLength(1);
});

it('leaves it to the policy what nobody may do', async () => {
  await client().authorize([{ permission: create }], { credentials: credentialsOf({ type: 'none' }) });
  expect(received.map(({ authorization }) => authorization)).toEqual([undefined]);
});

it('gives conditions to who can apply them, and refuses them to who wants yes or no', async () => {
  const leaf = conditional.conditions;
  let conditions: object = leaf;
  answer = items => ({ body: { items: items.map(({ id }) => ({ id, ...conditional, conditions })) } });
  const ask = () => client().authorizeConditional([{ permission: read }], asUser);
  expect(await ask()).toEqual([conditional]);
  conditions = { anyOf: [{ allOf: [leaf, { ...leaf, params: { of: 'jo' } }] }, { not: leaf }] };
  expect(await ask()).toEqual([{ ...conditional, conditions }]);
  await expect(client().authorize([{ permission: read, resourceRef: 'a' }], asUser)).rejects.toMatchObject({
    code: 'GR_PERMISSION_REQUEST',
    message: expect.stringContaining('conditions where only yes or no makes sense'),
  });
});

it.each([
  ['no restriction', undefined, ['ALLOW', 'ALLOW', 'ALLOW']],
  ['names', { permissionNames: ['thing.read', 'thing.poke'] }, ['DENY', 'ALLOW', 'ALLOW']],
  ['actions', { permissionAttributes: { action: ['create' as const] } }, ['ALLOW', 'DENY', 'DENY']],
  [
    'both',
    { permissionNames: ['thing.create'], permissionAttributes: { action: ['read' as const] } },
    ['DENY', 'DENY', 'DENY'],
  ],
  ['no attributes', { permissionAttributes: {} }, ['ALLOW', 'ALLOW', 'ALLOW']],
])('decides for a service by its restrictions without asking: %s', async (_, accessRestrictions, results) => {
  const credentials = credentialsOf({ type: 'service', subject: 'external:a', accessRestrictions });
  const requests = [{ permission: create }, { permission: plain }, { permission: read, resourceRef: 'a' }];
  // They belong to the token, so they hold without a policy as well.
  for (const enabled of [true, false]) {
    const permissions = client({ enabled });
    const decisions = await permissions.authorize(requests, { credentials });
    expect(decisions.map(({ result }) => result)).toEqual(results);
    const [queried] = await permissions.authorizeConditional([{ permission: read }], { credentials });
    expect(queried!.result).toBe(results[2]);
  }
  expect(received).toEqual([]);
});

it.each([
  [
    'an error',
    503,
    { error: { name: 'E', message: 'no policy' } },
    /answered 503 Service Unavailable: no policy/,
  ],
  ['an error that is not JSON', 500, '<html>', /answered 500 Internal Server Error \(plugin/],
  ['something else than JSON', 200, '<html>', /answered with something else than JSON/],
  ['no list', 200, { items: 'ALLOW' }, /answered, but without a list of items/],
  ['nothing', 200, 'null', /answered, but without a list of items/],
  ['no decision', 200, { items: [null] }, /answered, but without a decision for request 1 of 1/],
])('lets nobody pass where the permission plugin answers with %s', async (_, status, body, problem) => {
  answer = () => ({ status, body });
  await expect(client().authorize([{ permission: create }], asUser)).rejects.toMatchObject({
    code: 'GR_PERMISSION_REQUEST',
    message: expect.stringMatching(problem),
  });
});

it('asks again where an instance of the permission plugin ends meanwhile', async () => {
  const allow = answer;
  answer = () => {
    answer = allow;
    return {};
  };
  expect(await client().authorize([{ permission: create }], asUser)).toEqual([{ result: 'ALLOW' }]);
  expect(received).toHaveLength(2);
  expect(received[0]).toEqual(received[1]);
});

it('gives up where the permission plugin takes the request and never answers', async () => {
  const silent = await WebServer.start();
  silent.answers.set('/authorize', () => {});
  const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(AbortSignal.timeout(50));
  const asked = client({ baseUrl: silent.url }).authorize([{ permission: create }], asUser);
  await expect(asked).rejects.toThrow(`${silent.url}/authorize got no answer: it took longer than`);
  expect(isOutOfReach(await asked.catch((error: unknown) => error))).toBe(true);
  timeout.mockRestore();
  await silent.stop();
});

const kinds = 'it must be ALLOW, DENY, or CONDITIONAL with pluginId, resourceType and conditions';
it.each<[object, string]>([
  [{ result: 'MAYBE' }, kinds],
  [{ ...conditional, result: 'MAYBE' }, kinds],
  [{ result: 'CONDITIONAL' }, kinds],
  [{ ...conditional, pluginId: undefined }, kinds],
  [{ ...conditional, resourceType: undefined }, kinds],
  [{ ...conditional, conditions: null }, 'conditions must be an object'],
  [{ ...conditional, conditions: 'isMine' }, 'conditions must be an object'],
  [{ ...conditional, conditions: {} }, 'conditions.resourceType must be a string'],
  [{ ...conditional, conditions: { resourceType: 'thing' } }, 'conditions.rule must be a string'],
  [
    { ...conditional, conditions: { ...conditional.conditions, params: ['jo'] } },
    'conditions.params must be an object',
  ],
  // An empty list would hold for every resource, or its opposite would.
  [{ ...conditional, conditions: { allOf: [] } }, 'conditions.allOf must be a list that is not empty'],
  [
    { ...conditional, conditions: { not: { anyOf: [] } } },
    'conditions.not.anyOf must be a list that is not empty',
  ],
  [{ ...conditional, conditions: { anyOf: [{ not: 1 }] } }, 'conditions.anyOf[0].not must be an object'],
])('refuses the decision %j', async (decision, problem) => {
  answer = items => ({ body: { items: items.map(({ id }) => ({ id, ...decision })) } });
  await expect(client().authorizeConditional([{ permission: read }], asUser)).rejects.toThrow(
    `its decision for request 1 of 1 is ${JSON.stringify(decision)}: ${problem}`,
  );
});

it('says who asked whom for what, and why there is no answer', async () => {
  const error = await client({ baseUrl: 'http://127.0.0.1:1/api/permission' })
    .authorize([{ permission: create }, { permission: plain }], asUser)
    .catch((thrown: Error) => thrown);
  expect(String(error)).toBe(
    "PermissionRequestError: Plugin 'things' asked the permission plugin about thing.create, thing.poke and got no decision: " +
      "POST http://127.0.0.1:1/api/permission/authorize got no answer: bad port (plugin 'things' -> service 'core.permissions' " +
      "-> plugin 'permission'). Check that the permission plugin is installed and that discovery leads to it, or set permission.enabled to false.",
  );
});
