// Which servers a configuration names, in the forms that the clients of either store know.
import { ConfigReader } from '@backstage/config';
import type { JsonObject, JsonValue } from '@backstage/types';
import { readCacheSettings, type RemoteCacheSettings } from './config';

function read(cache: JsonObject): RemoteCacheSettings {
  return readCacheSettings(new ConfigReader({ backend: { cache } })) as RemoteCacheSettings;
}

it.each<[JsonValue, string]>([
  [{ url: 'redis://user@host:7000' }, 'redis://user@host:7000'],
  ['rediss://host:7000', 'rediss://host:7000'],
  [{ host: 'host', port: 7000 }, 'redis://host:7000'],
  [{ host: 'host' }, 'redis://host:6379'],
  [{ host: '::1', port: '7000' }, 'redis://[::1]:7000'],
  [{ host: 'host', port: 7000, tls: {} }, 'rediss://host:7000'],
  [{ socket: { host: 'host', port: 7000 } }, 'redis://host:7000'],
  [{ socket: { host: 'host', port: 7000, tls: true } }, 'rediss://host:7000'],
  [{ socket: { host: 'host', port: 7000, tls: 'true' } }, 'rediss://host:7000'],
  [{ socket: { host: 'host', port: 7000, tls: 'false' } }, 'redis://host:7000'],
])('takes %j as %s', (node, url) => {
  for (const store of ['redis', 'valkey']) {
    const { servers } = read({ store, [store]: { cluster: { rootNodes: [node] } } });
    expect(servers.map(server => server.url)).toEqual([url]);
  }
});

it('gives all servers the defaults, over them what the connection says, and TLS where one of them has it', () => {
  const { servers, cluster } = read({
    store: 'redis',
    connection: { url: 'redis://other:1', password: 'of the connection', pingInterval: 1 },
    redis: {
      cluster: {
        rootNodes: [{ url: 'redis://one:7000', username: 'one' }, { url: 'redis://two:7000' }],
        defaults: { username: 'all', password: 'of the defaults', socket: { tls: true, ca: 'text' } },
        useReplicas: true,
        minimizeConnections: true,
        maxCommandRedirections: 3,
      },
    },
  });
  const defaults = {
    username: 'all',
    password: 'of the connection',
    pingInterval: 1,
    socket: { ca: 'text' },
  };
  expect(cluster).toEqual({ defaults, maxRedirections: 3 });
  expect(servers).toEqual([
    { url: 'rediss://one:7000', clientOptions: { ...defaults, username: 'one' } },
    { url: 'rediss://two:7000', clientOptions: defaults },
  ]);
});

it.each<[JsonObject, string]>([
  [{ url: 'redis://:hunter2@host:1', socket: { tls: true, ca: 'text' } }, 'rediss://:hunter2@host:1'],
  [{ url: 'redis://:hunter2@host:1', socket: { tls: 'true' } }, 'rediss://:hunter2@host:1'],
  [{ url: 'rediss://:hunter2@host:1', socket: { tls: false } }, 'rediss://:hunter2@host:1'],
  [{ url: 'redis://:hunter2@host:1', socket: { tls: 'false' }, tls: {} }, 'redis://:hunter2@host:1'],
  [{ url: 'redis://:hunter2@host:1', tls: 'true' }, 'rediss://:hunter2@host:1'],
  [{ url: 'redis://:hunter2@host:1', tls: {} }, 'rediss://:hunter2@host:1'],
  [{ url: 'redis://:hunter2@host:1?tls=true' }, 'rediss://:hunter2@host:1'],
  [{ url: 'rediss://:hunter2@host:1?tls=' }, 'rediss://:hunter2@host:1'],
  [{ url: ' REDIS://:hunter2@host:1', socket: { tls: true } }, 'rediss://:hunter2@host:1'],
  [{ url: ' REDISS://:hunter2@host:1' }, 'rediss://:hunter2@host:1'],
])(
  'gives either store a URL that tells of TLS, in its normal form, and no socket.tls: %j',
  (connection, url) => {
    for (const store of ['redis', 'valkey']) {
      const { servers } = read({ store, connection });
      expect(servers.map(server => server.url)).toEqual([url]);
      expect(servers[0]!.clientOptions.socket ?? {}).not.toHaveProperty('tls');
    }
  },
);

it('gives certificates to each client where it takes them', () => {
  const connection = { url: 'redis://host:1', tls: { ca: 'one', key: 'text' }, socket: { ca: 'two' } };
  const optionsFor = (store: string) => read({ store, connection }).servers[0]!.clientOptions;
  expect(optionsFor('redis').socket).toEqual({ ca: 'two', key: 'text' });
  expect(optionsFor('valkey').tls).toEqual({ ca: 'one', key: 'text' });
});

it('takes TLS for the client of valkey as a switch, also as text', () => {
  const tlsOf = (tls: JsonValue) =>
    read({ store: 'valkey', connection: { url: 'redis://host:1', tls } }).servers[0]!.clientOptions.tls;
  const on = [true, 'true', { ca: 'text' }];
  expect(on.map(tlsOf)).toEqual([true, true, { ca: 'text' }]);
  expect([false, 'false', '', 0].map(tlsOf)).toEqual([undefined, undefined, undefined, undefined]);
  const urlOf = (tls: JsonValue) =>
    read({ store: 'valkey', valkey: { cluster: { rootNodes: [{ host: 'host' }], defaults: { tls } } } })
      .servers[0]!.url;
  expect(['true', 'false'].map(urlOf)).toEqual(['rediss://host:6379', 'redis://host:6379']);
});

it.each<[string, JsonObject]>([
  ['a server', { connection: { url: 'rediss://:hunter2@host:1', tls: 'false' } }],
  ['a root', { valkey: { cluster: { rootNodes: [{ url: 'rediss://:hunter2@host:1', tls: false }] } } }],
  [
    'the masters',
    { valkey: { cluster: { rootNodes: ['rediss://:hunter2@host:1'], defaults: { tls: 'false' } } } },
  ],
])('never takes TLS from the URL of %s', (_, settings) => {
  const { servers, cluster } = read({ store: 'valkey', ...settings });
  expect(servers).toMatchObject([{ url: 'rediss://:hunter2@host:1' }]);
  expect({ ...servers[0]!.clientOptions, ...cluster?.defaults }).not.toHaveProperty('tls');
});

it.each(['an.endpoint:6379', 'redis://unused:1', undefined])(
  'does not need the connection %s',
  connection => {
    const { servers } = read({
      store: 'redis',
      ...(connection && { connection }),
      redis: { cluster: { rootNodes: [{ url: 'redis://host:7000' }] } },
    });
    expect(servers).toEqual([{ url: 'redis://host:7000', clientOptions: { socket: {} } }]);
  },
);
