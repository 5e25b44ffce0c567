// Actions of several plugins, listed and called by another one over real HTTP.
import { createPermission } from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import { coreServices } from '@greenroom/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  actionsServiceRef,
  metricsServiceRef,
  tracingServiceRef,
  type ActionsRegistryService,
  type ActionsService,
} from '@greenroom/backend-plugin-api/alpha';
import { createPlugin, provide } from '@greenroom/testing';
import { standInAuthFactories, userCredentials } from '../testing/standInAuth';
import { startBackend, type StartedBackend } from '../testing/startBackend';

const secretPermission = createPermission({ name: 'vault.see', attributes: { action: 'read' } });
const received: object[] = [];

function pluginWith(pluginId: string, register: (registry: ActionsRegistryService) => void) {
  return createPlugin(pluginId, {
    deps: { registry: actionsRegistryServiceRef },
    init: async ({ registry }) => register(registry),
  });
}

const greeter = pluginWith('greeter', registry => {
  registry.register({
    name: 'say-hello',
    title: 'Say hello',
    description: 'Greets somebody',
    schema: {
      input: z => z.object({ name: z.string(), times: z.number().default(1) }),
      output: z => z.object({ greeting: z.string() }),
    },
    examples: [{ title: 'Jo', input: { name: 'Jo', times: 2 }, output: { greeting: 'Hello Hello Jo' } }],
    attributes: { readOnly: true, idempotent: true },
    async action(context) {
      received.push(context);
      context.logger.info('Greeting');
      return { output: { greeting: `${'Hello '.repeat(context.input.times)}${context.input.name}` } };
    },
  });
  registry.register({
    name: 'lie',
    title: 'Lie',
    description: 'Promises what it does not give',
    schema: { input: z => z.object({}), output: z => z.object({ truth: z.string() }) },
    action: (async () => ({ output: {} })) as never,
  });
});

const vault = pluginWith('vault', registry => {
  registry.register({
    name: 'open',
    title: 'Open',
    description: 'Opens with a key',
    visibilityPermission: secretPermission,
    schema: {
      input: z => z.object({}),
      output: z => z.object({ opened: z.boolean() }),
      secrets: z => z.object({ key: z.enum(['sesame']) }),
    },
    action: async ({ secrets }) => ({ output: { opened: secrets.key === 'sesame' } }),
  });
});

let client: ActionsService;
const caller = createPlugin('caller', {
  deps: { actions: actionsServiceRef, metrics: metricsServiceRef, tracing: tracingServiceRef },
  async init({ actions, metrics, tracing }) {
    client = actions;
    metrics.createCounter('started').add(1);
    await tracing.startActiveSpan('start', () => undefined);
  },
});

// Only Ann may see what is guarded.
const permissions = provide(coreServices.permissions, () => ({
  authorize: async (requests, { credentials }) =>
    requests.map(() => ({
      result:
        (credentials.principal as { userEntityRef: string }).userEntityRef === 'user:default/ann'
          ? 'ALLOW'
          : 'DENY',
    })),
  authorizeConditional: () => Promise.reject(new Error('not asked')),
}));

const jo = userCredentials('jo');
const ann = userCredentials('ann');
let backend: StartedBackend;

const start = async (actions: JsonObject) => {
  backend = await startBackend({
    config: { backend: { actions } },
    services: [...standInAuthFactories, permissions],
    features: [greeter, vault, caller],
  });
};

afterEach(() => backend.stop());

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    error => [error.statusCode, error.body?.error.name, error.body?.error.message],
  );

describe('with both plugins as sources, and one that is not there', () => {
  beforeEach(() => start({ pluginSources: ['greeter', 'missing', 'vault'] }));

  it('lists what the caller may see, and warns of what could not be asked', async () => {
    const { actions } = await client.list({ credentials: jo });
    expect(actions.map(({ id }) => id)).toEqual(['greeter:say-hello', 'greeter:lie']);
    expect(actions[0]).toEqual({
      id: 'greeter:say-hello',
      pluginId: 'greeter',
      name: 'say-hello',
      title: 'Say hello',
      description: 'Greets somebody',
      schema: {
        input: expect.objectContaining({
          type: 'object',
          properties: { name: { type: 'string' }, times: { type: 'number', default: 1 } },
          required: ['name'],
        }),
        output: expect.objectContaining({ properties: { greeting: { type: 'string' } } }),
      },
      examples: [{ title: 'Jo', input: { name: 'Jo', times: 2 }, output: { greeting: 'Hello Hello Jo' } }],
      attributes: { readOnly: true, destructive: false, idempotent: true },
    });
    expect(actions[1]!.attributes).toEqual({ readOnly: false, destructive: true, idempotent: false });
    const warnings = backend.logger.entries.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^The actions of plugin 'missing' are left out because it could not be asked for them: .*404/,
      ),
    ]);
    const seenByAnn = (await client.list({ credentials: ann })).actions;
    expect(seenByAnn.at(-1)).toMatchObject({
      id: 'vault:open',
      schema: { secrets: { properties: { key: { enum: ['sesame'] } } } },
    });
  });

  it('calls with checked input, in the name of the caller', async () => {
    const outcome = await client.invoke({ id: 'greeter:say-hello', input: { name: 'Jo' }, credentials: jo });
    expect(outcome).toEqual({ output: { greeting: 'Hello Jo' } });
    expect(received.at(-1)).toMatchObject({
      input: { name: 'Jo', times: 1 },
      secrets: undefined,
      credentials: jo,
    });
    expect(backend.logger.entries.find(({ message }) => message === 'Greeting')!.meta).toMatchObject({
      plugin: 'greeter',
      action: 'say-hello',
    });
  });

  it('hides from who may not see, and hands over secrets to who may', async () => {
    const call = { id: 'vault:open', secrets: { key: 'sesame' } };
    const hidden = [404, 'NotFoundError', "There is no action 'vault:open'"];
    expect(await refused(client.invoke({ ...call, credentials: jo }))).toEqual(hidden);
    expect(await refused(client.invoke({ id: 'vault:close', credentials: ann }))).toEqual([
      404,
      'NotFoundError',
      "There is no action 'vault:close'",
    ]);
    expect(await client.invoke({ ...call, credentials: ann })).toEqual({ output: { opened: true } });
  });

  it.each<[string, { id: string; input?: JsonObject; secrets?: JsonObject }, unknown]>([
    [
      'input that does not fit',
      { id: 'greeter:say-hello', input: { times: 'x' } },
      [
        400,
        'InputError',
        "The input of action 'greeter:say-hello' is not valid: name: Required; times: Expected number, received string",
      ],
    ],
    [
      'no input',
      { id: 'greeter:say-hello' },
      [400, 'InputError', "The input of action 'greeter:say-hello' is not valid: name: Required"],
    ],
    [
      'secrets that nobody wants',
      { id: 'greeter:say-hello', input: { name: 'Jo' }, secrets: { key: 'x' } },
      [400, 'InputError', "The action 'greeter:say-hello' takes no secrets"],
    ],
    [
      'no secrets',
      { id: 'vault:open' },
      [400, 'InputError', "The action 'vault:open' needs secrets, and was called without"],
    ],
    [
      'wrong secrets, which the answer does not repeat',
      { id: 'vault:open', secrets: { key: 'hunter2' } },
      [400, 'InputError', "The secrets of action 'vault:open' are not valid: key (invalid_enum_value)"],
    ],
    [
      'an output that breaks its promise',
      { id: 'greeter:lie' },
      [500, 'InternalServerError', expect.any(String)],
    ],
    ['an ID without a plugin', { id: 'say-hello' }, [undefined, undefined, undefined]],
  ])('refuses %s', async (_, call, expected) => {
    expect(await refused(client.invoke({ ...call, credentials: ann }))).toEqual(expected);
  });

  it('says in the message what was refused, for whoever passes it on', async () => {
    await expect(client.invoke({ id: 'greeter:say-hello', credentials: jo })).rejects.toThrow(
      "Request failed with 400 Bad Request: The input of action 'greeter:say-hello' is not valid: name: Required",
    );
  });

  it('tells the log which output was wrong', async () => {
    await refused(client.invoke({ id: 'greeter:lie', credentials: jo }));
    expect(JSON.stringify(backend.logger.entries)).toContain(
      "The action 'greeter:lie' gave an output that does not fit its schema: truth: Required",
    );
  });

  it('wants credentials for every endpoint, and an object for a call with secrets', async () => {
    const url = `${backend.url}/api/greeter/.backstage/actions`;
    const post = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const id = encodeURIComponent('greeter:say-hello');
    const answers = await Promise.all([
      fetch(`${url}/v1/actions`),
      fetch(`${url}/v1/actions/${id}/invoke`, post),
      fetch(`${url}/v2/actions/${id}/invoke`, post),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    const headers = { ...post.headers, authorization: `Bearer ${btoa(JSON.stringify(jo))}` };
    const bodies = ['[]', '{"name":"Jo"}', '{"input":1}', '{'];
    const refusals = await Promise.all(
      bodies.map(body => fetch(`${url}/v2/actions/${id}/invoke`, { ...post, headers, body })),
    );
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    const [list, bare] = await Promise.all(refusals.map(refusal => refusal.json()));
    const message = 'The body must be an object with input, secrets, or both';
    expect([list, bare]).toMatchObject([{ error: { message } }, { error: { message } }]);
  });
});

describe('over HTTP', () => {
  it.each([
    ['nothing', {}, ['greeter:say-hello', 'greeter:lie'], 200],
    ['the plugin', { pluginSources: ['greeter'] }, ['greeter:say-hello', 'greeter:lie'], 200],
    ['another one', { pluginSources: ['vault'] }, [], 404],
    ['none', { pluginSources: [] }, [], 404],
  ])('a plugin offers its actions where the sources name %s', async (_, settings, ids, status) => {
    await start(settings);
    const url = `${backend.url}/api/greeter/.backstage/actions/v1/actions`;
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${btoa(JSON.stringify(jo))}`,
    };
    const listed = await fetch(url, { headers });
    const { actions } = (await listed.json()) as { actions: Array<{ id: string }> };
    expect(actions.map(({ id }) => id)).toEqual(ids);
    const call = { method: 'POST', headers, body: '{"name":"Jo"}' };
    expect((await fetch(`${url}/greeter%3Asay-hello/invoke`, call)).status).toBe(status);
  });
});

describe('with a filter', () => {
  beforeEach(() =>
    start({
      pluginSources: ['greeter', 'vault'],
      filter: { include: [{ id: 'greeter:*' }], exclude: [{ attributes: { destructive: true } }] },
    }),
  );

  it('neither lists nor calls what is left out', async () => {
    const { actions } = await client.list({ credentials: ann });
    expect(actions.map(({ id }) => id)).toEqual(['greeter:say-hello']);
    const call = (id: string) => client.invoke({ id, input: { name: 'Jo' }, credentials: ann });
    expect(await call('greeter:say-hello')).toEqual({ output: { greeting: 'Hello Jo' } });
    await expect(call('greeter:lie')).rejects.toThrow("There is no action 'greeter:lie'");
    await expect(call('vault:open')).rejects.toThrow("There is no action 'vault:open'");
  });
});
