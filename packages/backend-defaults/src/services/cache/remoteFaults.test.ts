// The stores redis and valkey over real connections that fail: to silent servers, and to a real server behind a proxy.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { eventually, TcpProxy } from '@greenroom/testing';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { selfSignedCertificate } from '../../testing/selfSignedCertificate';
import { within } from '../../testing/within';
import { PluginCaches } from './PluginCaches';

const stores = ['redis', 'valkey'] as const;
const cleanups: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

async function startProxy(target?: { host: string; port: number }): Promise<TcpProxy> {
  const proxy = await TcpProxy.start(target);
  cleanups.push(() => proxy.stop());
  return proxy;
}

async function createCaches(cache: JsonObject) {
  const logger = new MemoryLogger();
  const caches = await PluginCaches.create({ config: new ConfigReader({ backend: { cache } }), logger });
  cleanups.push(() => caches.close());
  const warnings = () => logger.entries.filter(({ level }) => level === 'warn').map(({ message }) => message);
  return { caches, cache: caches.forPlugin('test'), logger, warnings };
}

/** Repeats a call until what it gives is accepted; the test's own timeout ends it otherwise. */
async function until<T>(call: () => Promise<T>, accepts: (value: T) => boolean): Promise<void> {
  while (!accepts(await call())) {
    await new Promise(resolve => setImmediate(resolve));
  }
}

it.each(stores)(
  '%s sends its password encrypted where tls has the certificates, also if socket.tls is off',
  async store => {
    const { cert, key } = selfSignedCertificate();
    const server = createTlsServer({ cert, key }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
    const refused = once(server, 'tlsClientError').then(([error]) => Promise.reject(error as Error));
    await createCaches({
      store,
      connection: {
        url: `redis://:hunter2@127.0.0.1:${port}`,
        tls: { ca: cert, servername: 'localhost' },
        socket: { tls: false },
      },
    });
    cleanups.push(async () => server.close());
    const [socket] = await Promise.race([accepted, refused]);
    socket.on('error', () => {});
    expect(String((await once(socket, 'data'))[0])).toContain('hunter2');
    socket.destroy();
  },
);

describe.each(stores)('%s, where nothing answers', store => {
  it('is a miss in time, and warns once, when the server takes the connection and is silent', async () => {
    const silent = await startProxy();
    const { cache, caches, warnings } = await createCaches({
      store,
      connection: `redis://user:hunter2@127.0.0.1:${silent.port}`,
    });
    expect(await within(250, () => cache.get('key'))).toBeUndefined();
    await within(250, async () => {
      for (let i = 0; i < 100; i++) {
        await cache.set('key', i);
        await cache.get('key');
      }
    });
    await until(
      () => cache.get('key'),
      () => warnings().length > 0,
    );
    expect(warnings()).toEqual([
      `The cache at redis://127.0.0.1:${silent.port} can't be used: there was no answer within 2000 ms. The backend goes on without cached values, and uses it again when it answers.`,
    ]);
    await within(250, () => caches.close());
    expect(silent.connections).toBe(1);
  });

  it('signs in with the options of the connection, and keeps the password out of the log', async () => {
    let received = '';
    let told = () => {};
    const signedIn = new Promise<void>(resolve => (told = resolve));
    const server = createServer(socket => {
      socket.on('error', () => {});
      socket.on('data', data => {
        received += data.toString();
        if (received.includes('hunter2')) {
          socket.end('-WRONGPASS invalid username-password pair\r\n');
          told();
        }
      });
    }).listen(0, '127.0.0.1');
    cleanups.push(() => new Promise(resolve => server.close(resolve)));
    await once(server, 'listening');
    const url = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connection = { url, username: 'reader', password: 'hunter2' };
    const { cache, logger, warnings } = await createCaches({ store, connection });
    expect(await cache.get('key')).toBeUndefined();
    await signedIn;
    expect(received).toMatch(/auth\r\n\$6\r\nreader\r\n\$7\r\nhunter2\r\n/i);
    await eventually(() => expect(warnings()).toEqual([expect.stringContaining("can't be used: ")]));
    expect(JSON.stringify(logger.entries)).not.toContain('hunter2');
  });

  it('is a miss in time, and warns once, when nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const { cache, warnings } = await createCaches({ store, connection: `redis://127.0.0.1:${port}` });
    await within(500, async () => {
      for (let i = 0; i < 100; i++) {
        await cache.set('key', i);
        expect(await cache.get('key')).toBeUndefined();
      }
    });
    expect(warnings()).toEqual([
      expect.stringMatching(/can't be used: connect ECONNREFUSED 127\.0\.0\.1:\d+\. /),
    ]);
  });
});

const server = process.env.GREENROOM_TEST_REDIS;
const title = server ? '%s, with a server' : '%s, with a server (skipped: GREENROOM_TEST_REDIS names none)';

(server ? describe : describe.skip).each(stores)(title, store => {
  const target = () => {
    const { hostname, port } = new URL(server!);
    return { host: hostname, port: Number(port || 6379) };
  };
  const prefix = `greenroom-test-${randomBytes(4).toString('hex')}`;
  const naming: JsonObject =
    store === 'redis'
      ? { redis: { client: { namespace: prefix, keyPrefixSeparator: ':' } } }
      : { valkey: { client: { keyPrefix: `${prefix}:` } } };

  it('keeps values apart for each plugin, for all instances', async () => {
    const one = await createCaches({ store, connection: server!, ...naming });
    const two = await createCaches({ store, connection: { url: server! }, ...naming });
    const value = { list: [1, 'zwölf', null], nested: { a: true } };
    await one.cache.set('key', value, { ttl: 60_000 });
    expect(await two.cache.get('key')).toEqual(value);
    expect(await two.caches.forPlugin('other').get('key')).toBeUndefined();
    await two.cache.delete('key');
    expect(await one.cache.get('key')).toBeUndefined();
    expect([one.warnings(), two.warnings()]).toEqual([[], []]);
  });

  it('touches no key but those with the configured prefix, its health check included', async () => {
    const { createClient } = await import('@keyv/redis');
    const admin = createClient({ url: server! });
    await admin.connect();
    const username = `${prefix}-${store}`;
    const rules = ['on', '>hunter2', `~${prefix}*`, '+@all'];
    await admin.sendCommand(['ACL', 'SETUSER', username, ...rules]);
    cleanups.push(async () => {
      await admin.sendCommand(['ACL', 'DELUSER', username]);
      await admin.close();
    });
    const connection = { url: server!, username, password: 'hunter2' };
    const { cache, caches, warnings } = await createCaches({ store, connection, ...naming });
    await cache.set('named', 1, { ttl: 60_000 });
    expect(await cache.get('named')).toBe(1);
    await caches.check!();
    expect(await admin.keys(`${prefix}*test:named`)).toHaveLength(1);
    await cache.delete('named');
    expect(warnings()).toEqual([]);
  });

  it('keeps values apart whose keys have no form in UTF-8', async () => {
    const { cache } = await createCaches({ store, connection: server!, ...naming });
    await cache.set('half \ud800', 1, { ttl: 60_000 });
    await cache.set('half \udfff', 2, { ttl: 60_000 });
    expect([await cache.get('half \ud800'), await cache.get('half \udfff')]).toEqual([1, 2]);
    expect(await cache.get('half \ufffd')).toBeUndefined();
    await Promise.all(['half \ud800', 'half \udfff'].map(key => cache.delete(key)));
  });

  it('keeps a value for ever whose time to live is longer than the server can count', async () => {
    const { cache, warnings } = await createCaches({
      store,
      connection: server!,
      defaultTtl: { days: 1e12 },
      ...naming,
    });
    await cache.set('by default', 1);
    await cache.set('by call', 2, { ttl: Number.MAX_VALUE });
    expect([await cache.get('by default'), await cache.get('by call')]).toEqual([1, 2]);
    expect(warnings()).toEqual([]);
    await Promise.all(['by default', 'by call'].map(key => cache.delete(key)));
  });

  it('lets values expire', async () => {
    const { cache } = await createCaches({
      store,
      connection: server!,
      defaultTtl: { milliseconds: 1.5 },
      ...naming,
    });
    await cache.set('brief', 1);
    await cache.set('long', 1, { ttl: { minutes: 1 } });
    await until(
      () => cache.get('brief'),
      value => value === undefined,
    );
    expect(await cache.get('long')).toBe(1);
    await cache.delete('long');
  });

  it('goes on when connections are cut, and recovers by itself', async () => {
    const proxy = await startProxy(target());
    const connection = `redis://127.0.0.1:${proxy.port}`;
    const { cache, warnings, logger } = await createCaches({ store, connection, ...naming });
    await cache.set('key', 'old', { ttl: 60_000 });
    await cache.set('other', 'kept', { ttl: 60_000 });
    expect(await cache.get('key')).toBe('old');

    proxy.mode = 'refuse';
    const running = Array.from({ length: 50 }, () => within(250, () => cache.get('key')));
    proxy.cut();
    await Promise.all(running);
    await until(
      () => cache.get('key'),
      () => warnings().length > 0,
    );
    await within(250, () => cache.set('key', 'new'));
    expect(await within(250, () => cache.get('key'))).toBeUndefined();

    proxy.mode = 'pass';
    await until(
      () => cache.get('other'),
      value => value === 'kept',
    );
    expect(await cache.get('key')).toBeUndefined();
    await cache.set('key', 'newer', { ttl: 60_000 });
    expect(await cache.get('key')).toBe('newer');
    expect(warnings()).toHaveLength(1);
    expect(logger.entries.at(-1)).toMatchObject({
      level: 'info',
      message: expect.stringMatching(/^The cache at redis:\/\/127\.0\.0\.1:\d+ is used again after \d+ s$/),
    });
  });

  it('gives up on a connection that falls silent in the middle, and recovers over a new one', async () => {
    const proxy = await startProxy(target());
    const connection = `redis://127.0.0.1:${proxy.port}`;
    const { cache, warnings } = await createCaches({ store, connection, ...naming });
    await cache.set('key', 1, { ttl: 60_000 });
    proxy.mode = 'hang';
    const calls = Array.from({ length: 50 }, () => within(250, () => cache.get('key')));
    expect(await Promise.all(calls)).toEqual(calls.map(() => undefined));
    expect(warnings()).toEqual([expect.stringContaining('there was no answer within 200 ms')]);
    proxy.mode = 'pass';
    await until(
      () => cache.get('key'),
      value => value === 1,
    );
    expect(proxy.connections).toBe(2);
    // Of a connection that is closed the system would go on to send what is left, which may be old by then.
    expect(proxy.resets).toBe(1);
    expect(warnings()).toHaveLength(1);
  });

  it('ends its connection when it is closed, and finishes what runs', async () => {
    const proxy = await startProxy(target());
    const connection = `redis://127.0.0.1:${proxy.port}`;
    // On a busy machine the server does not always answer in the usual time, and what it does not answer is not promised.
    const patient = { store, commandTimeout: '15s', ...naming };
    const { cache, caches } = await createCaches({ connection, ...patient });
    await cache.set('first', 1, { ttl: 60_000 });
    expect(await cache.get('first')).toBe(1);
    expect(proxy.open).toBe(1);
    const written = cache.set('last', 1, { ttl: 60_000 });
    await caches.close();
    await written;
    await until(
      async () => proxy.open,
      open => open === 0,
    );
    const { cache: other } = await createCaches({ connection: server!, ...patient });
    expect(await other.get('last')).toBe(1);
  });
});
