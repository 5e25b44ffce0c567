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
  [{ url: 'redis://:hunter2@host:1', socket: { tls: 'false' }, tls: {} }, 'rediss://:hunter2@host:1'],
  [{ url: 'redis://:hunter2@host:1', socket: { tls: false }, tls: true }, 'rediss://:hunter2@host:1'],
  [{ url: 'redis://:hunter2@host:1', socket: { tls: true }, tls: false }, 'rediss://:hunter2@host:1'],
  [{ url: 'redis://:hunter2@host:1', socket: { tls: false }, tls: 'false' }, 'redis://:hunter2@host:1'],
  [
    { url: 'redis://:hunter2@host:1?tls=true', socket: { tls: false }, tls: false },
    'rediss://:hunter2@host:1',
  ],
  [{ url: 'redis://:hunter2@host:1', tls: 'true' }, 'rediss://:hunter2@host:1'],
  [{ url: 'redis://:hunter2@host:1', tls: {} }, 'rediss://:hunter2@host:1'],
  [{ url: 'redis://:hunter2@host:1?tls=true' }, 'rediss://:hunter2@host:1'],
  [{ url: 'redis://:hunter2@host:1?tls=false&tls=true' }, 'rediss://:hunter2@host:1'],
  [{ url: 'redis://:hunter2@host:1?tls=False' }, 'redis://:hunter2@host:1'],
  [{ url: 'rediss://:hunter2@host:1?tls=false' }, 'rediss://:hunter2@host:1'],
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

it.each(['0', '1', 'no', 'off', ''])(
  'refuses the tls of a URL where it is %j, without the password',
  text => {
    const url = `redis://:hunter2@host:1?tls=${text}`;
    for (const store of ['redis', 'valkey']) {
      const messageFor = (settings: JsonObject) => {
        try {
          return JSON.stringify(read({ store, ...settings }));
        } catch (error) {
          return String(error);
        }
      };
      const problem = 'has a parameter tls that is neither true nor false';
      const cluster = { [store]: { cluster: { rootNodes: ['redis://host:1', { url }] } } };
      const messages = [{ connection: url }, { connection: { url } }, cluster].map(messageFor);
      expect(messages).toEqual([
        expect.stringContaining(`backend.cache.connection ${problem}`),
        expect.stringContaining(`backend.cache.connection.url ${problem}`),
        expect.stringContaining(`backend.cache.${store}.cluster.rootNodes[1] ${problem}`),
      ]);
      expect(messages.join()).not.toContain('hunter2');
    }
  },
);

it.each<[string, JsonObject, JsonObject, JsonObject]>([
  ['redis', { socket: { tls: true, ca: 'C' } }, { tls: { cert: 'K' } }, { socket: { ca: 'C', cert: 'K' } }],
  ['redis', { tls: { ca: 'C' } }, { socket: { noDelay: false } }, { socket: { ca: 'C', noDelay: false } }],
  ['redis', { socket: { tls: true } }, { socket: { ca: 'C' } }, { socket: { ca: 'C' } }],
  ['valkey', { tls: { ca: 'C' } }, { tls: { cert: 'K' } }, { tls: { ca: 'C', cert: 'K' } }],
  ['valkey', { tls: { ca: 'C' } }, { tls: true }, { tls: { ca: 'C' } }],
])('keeps for a cluster of %s the defaults %j beside %j', (store, defaults, more, expected) => {
  const cluster = { rootNodes: [{ host: 'host' }], defaults };
  const ofConnection = read({ store, connection: more, [store]: { cluster } });
  expect(ofConnection.cluster?.defaults).toMatchObject(expected);
  const ofRoot = read({
    store,
    [store]: { cluster: { ...cluster, rootNodes: [{ host: 'host', ...more }] } },
  });
  const server = { url: 'rediss://host:6379', clientOptions: expected };
  expect([...ofConnection.servers, ...ofRoot.servers]).toMatchObject([server, server]);
});

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
