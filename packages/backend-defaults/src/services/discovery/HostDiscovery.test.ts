// Where plugins are found, by configuration, DNS and the address of this backend.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { HostDiscovery, type HostDiscoveryOptions } from './HostDiscovery';

const logger = new MemoryLogger();
beforeEach(() => void logger.entries.splice(0));

const discover = (config: JsonObject, options?: Partial<HostDiscoveryOptions>) =>
  HostDiscovery.fromConfig(new ConfigReader(config), { logger, ...options });
const endpoints = (...list: JsonObject[]) => ({ discovery: { endpoints: list } });
const both = async (discovery: HostDiscovery, pluginId: string) => [
  await discovery.getBaseUrl(pluginId),
  await discovery.getExternalBaseUrl(pluginId),
];

it.each<[JsonObject, string, string]>([
  [{}, 'http://localhost:7007', 'http://localhost:7007'],
  [{ baseUrl: 'https://example.com/sub/' }, 'http://localhost:7007', 'https://example.com/sub'],
  [{ listen: '0.0.0.0:80' }, 'http://127.0.0.1:80', 'http://127.0.0.1:80'],
  [{ listen: { host: '::1', port: 1 } }, 'http://[::1]:1', 'http://[::1]:1'],
  [{ listen: { host: '::', port: 1 } }, 'http://localhost:1', 'http://localhost:1'],
  [
    { listen: 'inner:8', https: { certificate: { cert: 'c', key: 'k' } } },
    'https://inner:8',
    'https://inner:8',
  ],
])('finds plugins in this backend, configured with %j', async (backend, internal, external) => {
  expect(await both(discover({ backend }), 'catalog')).toEqual([
    `${internal}/api/catalog`,
    `${external}/api/catalog`,
  ]);
});

it('needs no options', async () => {
  const discovery = HostDiscovery.fromConfig(new ConfigReader({}));
  expect(await discovery.getBaseUrl('catalog')).toBe('http://localhost:7007/api/catalog');
});

it('takes the port of the server where it is left open, and says so where nobody knows it', async () => {
  const open = { backend: { listen: { host: '127.0.0.1', port: 0 } } };
  const server: { url?: string } = {};
  const discovery = discover(open, { serverUrl: () => server.url });
  await expect(discovery.getBaseUrl('catalog')).rejects.toMatchObject({
    code: 'GR_DISCOVERY_ADDRESS_UNKNOWN',
    message: expect.stringContaining("Plugin 'catalog' can't be located: backend.listen has port 0"),
  });
  server.url = 'http://localhost:49152';
  expect(await discovery.getBaseUrl('catalog')).toBe('http://127.0.0.1:49152/api/catalog');
});

it('prefers endpoints that name a plugin, and finds internal and external targets apart', async () => {
  const discovery = discover(
    endpoints(
      { target: { internal: 'http://all/{{ pluginId }}/' }, plugins: ['*'] },
      { target: { external: 'https://out/{{pluginId}}/{{pluginId}}' }, plugins: ['catalog'] },
      { target: 'https://search/api', plugins: ['search'] },
    ),
  );
  expect(await both(discovery, 'catalog')).toEqual(['http://all/catalog', 'https://out/catalog/catalog']);
  expect(await both(discovery, 'search')).toEqual(['https://search/api', 'https://search/api']);
  expect(await both(discovery, 'other')).toEqual(['http://all/other', 'http://localhost:7007/api/other']);
  expect(logger.entries).toEqual([]);
});

it.each([
  'http://h/{{pluginId}}',
  'http://h/{{ pluginId }}',
  'http://h/{{  pluginId}}/',
  'http://h/{{pluginId }}//',
])('puts the plugin into the target %s, and takes slashes off its end', async target => {
  expect(await both(discover(endpoints({ target, plugins: ['*'] })), 'x')).toEqual([
    'http://h/x',
    'http://h/x',
  ]);
});

it.each(['../auth', 'a/b?c#d', '$&', '{{pluginId}}'])(
  'lets no id of a plugin lead elsewhere: %s',
  async id => {
    const escaped = encodeURIComponent(id);
    expect(await both(discover({}), id)).toEqual(Array(2).fill(`http://localhost:7007/api/${escaped}`));
    const placed = discover(endpoints({ target: 'http://all/{{pluginId}}/x', plugins: ['*'] }));
    expect(await both(placed, id)).toEqual(Array(2).fill(`http://all/${escaped}/x`));
  },
);

it('uses the last of two endpoints for one plugin, and warns', async () => {
  const discovery = discover(
    endpoints({ target: 'http://a', plugins: ['x'] }, { target: { internal: 'http://b' }, plugins: ['x'] }),
  );
  expect(await discovery.getBaseUrl('x')).toBe('http://b');
  expect(await discovery.getExternalBaseUrl('x')).toBe('http://a');
  expect(logger.entries).toMatchObject([
    {
      level: 'warn',
      message:
        "The internal target of discovery.endpoints[0] is not used for plugin 'x', as discovery.endpoints[1] has one after it",
    },
  ]);
});

it('puts default endpoints after the configured ones', async () => {
  const defaultEndpoints = [
    { target: 'http://default', plugins: ['*'] },
    { target: 'http://default-x', plugins: ['x'] },
  ];
  const some = discover(endpoints({ target: 'http://y', plugins: ['y'] }), { defaultEndpoints });
  expect(await some.getBaseUrl('x')).toBe('http://default-x');
  expect(await some.getBaseUrl('y')).toBe('http://y');
  expect(await some.getBaseUrl('z')).toBe('http://default');
  const all = discover(endpoints({ target: { internal: 'http://all' }, plugins: ['*'] }), {
    defaultEndpoints,
  });
  expect(await both(all, 'x')).toEqual(['http://all', 'http://default-x']);
});

it.each<[JsonObject, string]>([
  [{ target: 'catalog', plugins: [] }, "endpoints[0].target is 'catalog', which is not a URL"],
  [{ target: 'ftp://h', plugins: [] }, 'begins with one of http://, https://'],
  [{ target: 'http+srv://h', plugins: [] }, 'give the target as { internal, external }'],
  [{ target: { external: 'http+srv://h' }, plugins: [] }, 'target.external'],
  [{ target: { external: ['http://h'] }, plugins: [] }, 'endpoints[0].target.external must be a URL'],
  [{ target: { internal: 'http+srv:///x' }, plugins: [] }, "is 'http+srv:///x', which is not a URL"],
  [{ target: { internal: 'http+srv://h:80' }, plugins: [] }, 'the port of an SRV record comes from DNS'],
  [{ target: 'http://h/{{plugin}}', plugins: [] }, 'only {{pluginId}} is known'],
  [{ target: 'http://h/?a', plugins: [] }, "can't be appended to a query"],
  [{ target: { inside: 'http://h' }, plugins: [] }, 'endpoints[0].target.inside is not known'],
  [{ target: {}, plugins: [] }, 'has neither internal nor external'],
  [{ target: 1, plugins: [] }, 'must be a URL, or an object'],
])('refuses the endpoint %j', (endpoint, message) => {
  expect(() => discover(endpoints(endpoint))).toThrow(message);
});

/** A configuration whose data may change, as that of a backend does. */
function changingConfig(data: JsonObject) {
  let changed!: () => void;
  const config = new Proxy(new ConfigReader({}), {
    get(_target, property) {
      if (property === 'subscribe') {
        return (listener: () => void) => {
          changed = listener;
          return { unsubscribe: () => (changed = () => {}) };
        };
      }
      const reader = new ConfigReader(data);
      const value: unknown = Reflect.get(reader, property);
      return typeof value === 'function' ? value.bind(reader) : value;
    },
  });
  const change = (next: JsonObject) => {
    data = next;
    changed();
  };
  return { config, change };
}

it('keeps leading to where the server listens, which a change of the configuration does not move', async () => {
  const { config, change } = changingConfig({ backend: { listen: '127.0.0.1:81' } });
  const discovery = HostDiscovery.fromConfig(config, { logger });
  change({ backend: { listen: ':82', https: true, baseUrl: 'https://example.com' } });
  expect(await discovery.getBaseUrl('x')).toBe('http://127.0.0.1:81/api/x');
  expect(await discovery.getExternalBaseUrl('x')).toBe('https://example.com/api/x');
  change({});
  expect(await discovery.getExternalBaseUrl('x')).toBe('http://127.0.0.1:81/api/x');
});

it('follows the configuration, and keeps the last good state', async () => {
  const { config, change } = changingConfig({});
  const discovery = HostDiscovery.fromConfig(config, { logger });
  change(endpoints({ target: 'http://moved', plugins: ['x'] }));
  expect(await discovery.getBaseUrl('x')).toBe('http://moved');
  change(endpoints({ target: 'broken', plugins: ['x'] }));
  expect(await discovery.getBaseUrl('x')).toBe('http://moved');
  expect(logger.entries).toMatchObject([{ level: 'error', meta: { error: { code: 'GR_CONFIG_VALUE' } } }]);
  discovery.close();
  change(endpoints({ target: 'http://again', plugins: ['x'] }));
  expect(await discovery.getBaseUrl('x')).toBe('http://moved');
});

it('resolves SRV records, and tells which record of which plugin could not be', async () => {
  const asked: string[] = [];
  const discovery = discover(
    endpoints(
      { target: { internal: 'https+srv://{{pluginId}}.example.com/api/{{pluginId}}' }, plugins: ['*'] },
      { target: { internal: 'http+srv://absent.example.com' }, plugins: ['absent'] },
    ),
    {
      srv: {
        resolveSrv: async record => {
          asked.push(record);
          if (record.startsWith('broken')) throw new Error('querySrv ENOTFOUND');
          return record.startsWith('absent') ? [] : [{ name: 'one.local', port: 81, priority: 1, weight: 1 }];
        },
      },
    },
  );
  expect(await discovery.getBaseUrl('catalog')).toBe('https://one.local:81/api/catalog');
  await expect(discovery.getBaseUrl('broken')).rejects.toMatchObject({
    code: 'GR_DISCOVERY_SRV',
    message:
      "Plugin 'broken' can't be located by the SRV record 'broken.example.com' of discovery.endpoints[0]: querySrv ENOTFOUND. Check the record with your DNS, or give a plain http:// target.",
  });
  await expect(discovery.getBaseUrl('absent')).rejects.toThrow('DNS has no usable target');
  expect(asked).toEqual(['catalog.example.com', 'broken.example.com', 'absent.example.com']);
});
