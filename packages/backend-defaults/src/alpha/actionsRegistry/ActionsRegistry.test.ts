// What can't be registered, and how permissions are asked.
import { createPermission } from '@backstage/plugin-permission-common';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { userCredentials } from '../../testing/standInAuth';
import { ActionsRegistry } from './ActionsRegistry';

const see = createPermission({ name: 'see', attributes: {} });
const touch = createPermission({ name: 'touch', attributes: {} });

function makeRegistry() {
  const asked: string[][] = [];
  const added: string[] = [];
  const registry = new ActionsRegistry({
    logger: new MemoryLogger(),
    pluginId: 'things',
    permissions: {
      authorize: async requests => {
        asked.push(requests.map(({ permission }) => permission.name));
        return requests.map(({ permission }) => ({ result: permission.name === 'see' ? 'ALLOW' : 'DENY' }));
      },
    },
    permissionsRegistry: {
      addPermissions: permissions => void added.push(...permissions.map(({ name }) => name)),
    },
  });
  return { registry, asked, added };
}

type Options = Parameters<ActionsRegistry['register']>[0];
const action = (name: string, more: Partial<Options> = {}): Options => ({
  name,
  title: name,
  description: name,
  schema: { input: z => z.object({}), output: z => z.object({}) },
  action: async () => ({ output: {} }),
  ...more,
});

it.each<[string, Options, string]>([
  ['a name twice', action('open'), "The action 'open' is registered twice"],
  ['no name', action(''), 'An action has the name "", which can\'t be part of an ID'],
  [
    'a name with spaces',
    action('say hello'),
    'An action has the name "say hello", which can\'t be part of an ID',
  ],
  [
    'a schema of no object',
    action('close', { schema: { input: z => z.string() as never, output: z => z.object({}) } }),
    "The input schema of action 'close' is not an object schema of zod 3",
  ],
  [
    'a JSON Schema',
    action('close', { schema: { input: z => z.object({}), output: () => ({ type: 'object' }) as never } }),
    "The output schema of action 'close' is not an object schema of zod 3",
  ],
])('refuses %s', (_, options, message) => {
  const { registry } = makeRegistry();
  registry.register(action('open'));
  expect(() => registry.register(options)).toThrow(
    expect.objectContaining({
      code: 'GR_ACTION_REGISTRATION',
      message: expect.stringContaining(
        `${message} (plugin 'things' -> service 'alpha.core.actionsRegistry')`,
      ),
    }),
  );
});

it('registers permissions, and asks for each once and only where there are any', async () => {
  const { registry, asked, added } = makeRegistry();
  const credentials = userCredentials('jo');
  registry.register(action('free'));
  await registry.list(credentials);
  expect(asked).toEqual([]);
  registry.register(action('a', { visibilityPermission: see }));
  registry.register(action('b', { visibilityPermission: touch }));
  registry.register(action('c', { visibilityPermission: see }));
  expect(added).toEqual(['see', 'touch', 'see']);
  expect((await registry.list(credentials)).map(({ name }) => name)).toEqual(['free', 'a', 'c']);
  expect(asked).toEqual([['see', 'touch']]);
});

it('passes on what an action throws, and takes an output that is not there for what it is', async () => {
  const { registry } = makeRegistry();
  const credentials = userCredentials('jo');
  registry.register(action('throw', { action: () => Promise.reject(new Error('no luck')) }));
  registry.register(action('nothing', { action: (async () => undefined) as never }));
  await expect(registry.invoke('things:throw', { credentials })).rejects.toThrow('no luck');
  await expect(registry.invoke('things:nothing', { credentials })).rejects.toMatchObject({
    code: 'GR_ACTION_OUTPUT',
  });
});

it('describes an action once, and again where that failed', async () => {
  const { registry } = makeRegistry();
  const credentials = userCredentials('jo');
  let isReady = false;
  const input: Options['schema']['input'] = z => {
    const text = z.lazy(() => {
      if (!isReady) throw new Error('not yet');
      return z.string();
    });
    return z.object({ name: text });
  };
  registry.register(action('open', { schema: { input, output: z => z.object({}) } }));
  await expect(registry.list(credentials)).rejects.toThrow('not yet');
  isReady = true;
  const [described] = await registry.list(credentials);
  expect(described!.schema.input).toMatchObject({ properties: { name: { type: 'string' } } });
  expect((await registry.list(credentials))[0]).toBe(described);
});
