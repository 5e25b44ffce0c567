// Rate limits over real HTTP, counted in memory and on Redis.
import { ConfigReader } from '@backstage/config';
import type { JsonObject, JsonValue } from '@backstage/types';
import { TcpProxy } from '@greenroom/testing';
import { randomBytes } from 'node:crypto';
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { RootHealth } from '../../rootHealth/RootHealth';
import { RootLifecycle } from '../../rootLifecycle/RootLifecycle';
import { readRateLimits } from './rateLimitConfig';
import { RateLimitStoreMissingError } from './rateLimitErrors';
import { RedisRateLimitStore } from './RedisRateLimitStore';
import { redisScriptLink } from './redisScriptLink';
import { RootHttpServer } from '../RootHttpServer';

const cleanups: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  jest.useRealTimers();
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

async function startServer(rateLimit: JsonValue | undefined, backend: JsonObject = {}) {
  const logger = new MemoryLogger();
  const lifecycle = new RootLifecycle();
  const data: JsonObject = { listen: { host: '127.0.0.1', port: 0 }, trustProxy: 'loopback', ...backend };
  const server = await RootHttpServer.create({
    config: new ConfigReader({ backend: { ...data, ...(rateLimit !== undefined && { rateLimit }) } }),
    logger,
    lifecycle,
    health: new RootHealth(() => lifecycle.phase),
    pluginStatus: { get: () => undefined, settled: () => Promise.resolve() },
    pauseTimeout: 1_000,
  });
  await server.start();
  cleanups.push(() => server.stop());
  const answer = (status: number) => (_req: unknown, res: { status(code: number): { end(): void } }) =>
    res.status(status).end();
  server.router.use('/api/catalog', answer(200));
  server.router.use('/api/search', answer(200));
  server.router.use('/api/broken', answer(400));
  const base = server.url.replace('localhost', '127.0.0.1');
  const get = (path: string, from = '203.0.113.1', headers = {}) =>
    fetch(`${base}${path}`, { headers: { 'x-forwarded-for': from, ...headers } });
  const statuses = async (count: number, path: string, from?: string) => {
    const found: number[] = [];
    for (let i = 0; i < count; i++) {
      found.push((await get(path, from)).status);
    }
    return found;
  };
  return { logger, get, statuses };
}

describe('in memory', () => {
  it.each([undefined, false, 'false'])('limits nothing with rateLimit: %s', async rateLimit => {
    const { get, statuses } = await startServer(rateLimit);
    expect(new Set(await statuses(20, '/api/catalog'))).toEqual(new Set([200]));
    expect((await get('/api/catalog')).headers.has('ratelimit')).toBe(false);
  });

  it('answers 429 to the client that asked too often, and to no other', async () => {
    const { get, statuses, logger } = await startServer(true, {
      cors: { origin: 'http://app.example' },
    });
    const first = await get('/api/catalog');
    expect(first.headers.get('ratelimit')).toBe('limit=5, remaining=4, reset=60');
    expect(await statuses(5, '/api/search')).toEqual([200, 200, 200, 200, 429]);
    const refused = await get('/api/catalog?x=1', undefined, { origin: 'http://app.example' });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(refused.headers.get('x-request-id')).toBeTruthy();
    expect(refused.headers.get('access-control-allow-origin')).toBe('http://app.example');
    expect(await refused.json()).toEqual({
      error: {
        name: 'RateLimitExceededError',
        code: 'GR_RATE_LIMITED',
        message:
          'Too many requests: at most 5 are answered in 60 s. Wait as long as the Retry-After header says.',
        hint: 'Wait as long as the Retry-After header says.',
      },
      request: { method: 'GET', url: '/api/catalog?x=1' },
      response: { statusCode: 429 },
    });
    expect((await get('/api/catalog', '203.0.113.2')).status).toBe(200);
    expect((await get('/.backstage/health/v1/liveness')).status).toBe(200);
    expect(logger.entries.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('counts anew when the window is over', async () => {
    jest.useFakeTimers({
      now: Date.now(),
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'performance'],
    });
    const { statuses } = await startServer({ incomingRequestLimit: 2, window: '10s' });
    expect(await statuses(3, '/api/catalog')).toEqual([200, 200, 429]);
    jest.advanceTimersByTime(9_999);
    expect(await statuses(1, '/api/catalog')).toEqual([429]);
    jest.advanceTimersByTime(1);
    expect(await statuses(3, '/api/catalog')).toEqual([200, 200, 429]);
  });

  it('counts anew where the clock is set back, and not that much later', async () => {
    jest.useFakeTimers({
      now: Date.now(),
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'performance'],
    });
    const { get, statuses } = await startServer({ incomingRequestLimit: 2, window: '10s' });
    expect(await statuses(3, '/api/catalog')).toEqual([200, 200, 429]);
    jest.setSystemTime(Date.now() - 3_600_000);
    expect((await get('/api/catalog')).headers.get('ratelimit')).toBe('limit=2, remaining=1, reset=10');
    expect(await statuses(2, '/api/catalog')).toEqual([200, 429]);
  });

  it('lets this machine and the allowed addresses pass, in whatever form they come', async () => {
    const byDefault = await startServer({ incomingRequestLimit: 1 });
    for (const from of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      expect(await byDefault.statuses(3, '/api/catalog', from)).toEqual([200, 200, 200]);
    }
    const configured = await startServer({
      incomingRequestLimit: 1,
      ipAllowList: ['203.0.113.7', '10.1.0.0/16', '2001:db8::/32'],
    });
    for (const from of ['203.0.113.7', '::ffff:10.1.2.3', '2001:db8:1::9']) {
      expect(await configured.statuses(3, '/api/catalog', from)).toEqual([200, 200, 200]);
    }
    expect(await configured.statuses(2, '/api/catalog', '10.2.0.1')).toEqual([200, 429]);
  });

  it('counts IPv6 clients by network', async () => {
    const { statuses } = await startServer({ incomingRequestLimit: 1 });
    expect(await statuses(1, '/api/catalog', '2001:db8:1:1::1')).toEqual([200]);
    expect(await statuses(1, '/api/catalog', '2001:db8:1:1::2')).toEqual([429]);
    expect(await statuses(1, '/api/catalog', '2001:db8:2::1')).toEqual([200]);
  });

  it('counts by address where a proxy adds the port, which differs for each connection', async () => {
    const { statuses } = await startServer({ incomingRequestLimit: 1, ipAllowList: ['203.0.113.7'] });
    expect(await statuses(1, '/api/catalog', '203.0.113.1:50001')).toEqual([200]);
    expect(await statuses(1, '/api/catalog', '203.0.113.1:50002')).toEqual([429]);
    expect(await statuses(1, '/api/catalog', '203.0.113.1')).toEqual([429]);
    expect(await statuses(1, '/api/catalog', '203.0.113.2:50001')).toEqual([200]);
    expect(await statuses(2, '/api/catalog', '203.0.113.7:50001')).toEqual([200, 200]);
    expect(await statuses(1, '/api/catalog', '[2001:db8:1:1::1]:50001')).toEqual([200]);
    expect(await statuses(1, '/api/catalog', '[2001:db8:1:1::2]:50002')).toEqual([429]);
  });

  it('limits single plugins, with what they do not set taken from the shared settings', async () => {
    const { get, statuses } = await startServer({
      global: false,
      window: '2m',
      plugin: { catalog: { incomingRequestLimit: 2 } },
    });
    expect(await statuses(2, '/api/catalog')).toEqual([200, 200]);
    for (const path of ['/api/CATALOG/x', '/API/catalog', '/api/catalog?x']) {
      expect((await get(path)).status).toBe(429);
    }
    expect(await (await get('/api/catalog')).json()).toMatchObject({
      error: { message: expect.stringContaining("to plugin 'catalog': at most 2 are answered in 120 s") },
    });
    expect(new Set(await statuses(20, '/api/search'))).toEqual(new Set([200]));
    expect(new Set(await statuses(20, '/api/catalogue'))).toEqual(new Set([404]));
    // Routes ignore the case of an id, whichever case it has.
    const plugin = { Catalog: { incomingRequestLimit: 1 } };
    const upper = await startServer({ global: false, plugin });
    expect(await upper.statuses(1, '/api/catalog')).toEqual([200]);
    expect((await upper.get('/api/Catalog')).status).toBe(429);
  });

  it('holds both the limit for all and that of the plugin', async () => {
    const { statuses } = await startServer({
      incomingRequestLimit: 3,
      plugin: { catalog: { incomingRequestLimit: 1 } },
    });
    expect(await statuses(2, '/api/catalog')).toEqual([200, 429]);
    expect(await statuses(2, '/api/search')).toEqual([200, 429]);
  });

  it('leaves out successful or failed requests', async () => {
    const failed = await startServer({ incomingRequestLimit: 1, skipSuccessfulRequests: true });
    expect(await failed.statuses(4, '/api/catalog')).toEqual([200, 200, 200, 200]);
    expect(await failed.statuses(2, '/api/broken')).toEqual([400, 429]);
    const successful = await startServer({ incomingRequestLimit: 1, skipFailedRequests: true });
    expect(await successful.statuses(4, '/api/broken')).toEqual([400, 400, 400, 400]);
    expect(await successful.statuses(2, '/api/catalog')).toEqual([200, 429]);
  });
});

describe('on Redis', () => {
  const startSilent = async () => {
    const silent = await TcpProxy.start();
    cleanups.push(() => silent.stop());
    return { type: 'redis', connection: `redis://:hunter2@127.0.0.1:${silent.port}` };
  };

  it('answers 503, soon, while the server is silent, and tells it once', async () => {
    const { get, logger } = await startServer({ store: await startSilent() });
    const refused = await get('/api/catalog');
    // It is told when the connection has been given up, after two seconds.
    expect(logger.entries.filter(({ level }) => level === 'warn')).toEqual([]);
    expect(refused.status).toBe(503);
    expect(await refused.text()).not.toMatch(/hunter2|127\.0\.0\.1|no connection/);
    expect((await get('/.backstage/health/v1/liveness')).status).toBe(200);
    while (!logger.entries.some(({ level }) => level === 'warn')) {
      await get('/api/catalog');
    }
    expect(logger.entries.filter(({ level }) => level === 'warn')).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(
          /^The rate limit store at redis:\/\/127\.0\.0\.1:\d+ can't be used: .*2000 ms\. Requests are refused with 503/,
        ),
      }),
    ]);
  });

  it('does not mind where it can take nothing back', async () => {
    const link = await redisScriptLink((await startSilent()).connection, new MemoryLogger());
    cleanups.push(() => link.close());
    const counts = new RedisRateLimitStore(link, { prefix: 'any:', window: 30_000 });
    await expect(counts.increment('key')).rejects.toMatchObject({ name: 'ServiceUnavailableError' });
    expect(await counts.decrement('key')).toBeUndefined();
  });

  it('lets requests pass meanwhile with passOnStoreError', async () => {
    const { statuses, logger } = await startServer({ passOnStoreError: true, store: await startSilent() });
    expect(new Set(await statuses(10, '/api/catalog'))).toEqual(new Set([200]));
    expect(logger.entries.filter(({ level }) => level === 'error')).toEqual([]);
  });

  const server = process.env.GREENROOM_TEST_REDIS;
  const title = server ? 'with a server' : 'with a server (skipped: GREENROOM_TEST_REDIS names none)';

  (server ? describe : describe.skip)(title, () => {
    // Networks for documentation, drawn anew, because counts of an earlier run may not have expired.
    const client = () => `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`;
    const store = { type: 'redis', connection: server! };

    it('counts for all instances together, until the window is over', async () => {
      // Redis takes whole milliseconds only.
      const settings = { incomingRequestLimit: 3, window: 300.5, store };
      const one = await startServer(settings);
      const two = await startServer(settings);
      const from = client();
      expect(await one.statuses(2, '/api/catalog', from)).toEqual([200, 200]);
      expect(await two.statuses(2, '/api/catalog', from)).toEqual([200, 429]);
      expect(await one.statuses(1, '/api/catalog', client())).toEqual([200]);
      while ((await one.get('/api/catalog', from)).status === 429) {
        await new Promise(resolve => setImmediate(resolve));
      }
      expect((await two.get('/api/catalog', from)).status).toBe(200);
    });

    it('counts limits that differ apart, as those of several backends on one server', async () => {
      const many = await startServer({ incomingRequestLimit: 50, window: 30_000, store });
      const few = await startServer({ incomingRequestLimit: 2, window: 20_000, store });
      const from = client();
      expect(await many.statuses(3, '/api/catalog', from)).toEqual([200, 200, 200]);
      expect(await few.statuses(3, '/api/search', from)).toEqual([200, 200, 429]);
      expect((await many.get('/api/catalog', from)).headers.get('ratelimit')).toMatch(
        /^limit=50, remaining=46/,
      );
    });

    it('counts the limit of a plugin beside that for all, also where they are the same', async () => {
      const same = { incomingRequestLimit: 2 };
      const { statuses } = await startServer({ ...same, window: 30_000, plugin: { catalog: same }, store });
      expect(await statuses(3, '/api/catalog', client())).toEqual([200, 200, 429]);
    });

    it('takes back what is not to be counted', async () => {
      const from = client();
      const { statuses } = await startServer({
        incomingRequestLimit: 1,
        skipFailedRequests: true,
        window: 5_000,
        store,
      });
      expect(await statuses(4, '/api/broken', from)).toEqual([400, 400, 400, 400]);
      expect(await statuses(2, '/api/catalog', from)).toEqual([200, 429]);
    });

    it('leaves nothing behind where it takes back what is counted no more', async () => {
      const link = await redisScriptLink(server!, new MemoryLogger());
      cleanups.push(() => link.close());
      const prefix = `greenroom-test-${randomBytes(4).toString('hex')}:`;
      const counts = new RedisRateLimitStore(link, { prefix, window: 30_000 });
      await counts.decrement('late');
      expect(await counts.increment('late')).toMatchObject({ totalHits: 1 });
      await counts.resetKey('late');
    });

    it('goes on counting when the server comes back', async () => {
      const proxy = await TcpProxy.start(server!);
      cleanups.push(() => proxy.stop());
      const from = client();
      const { get, statuses } = await startServer({
        incomingRequestLimit: 2,
        window: 30_000,
        store: { type: 'redis', connection: `redis://127.0.0.1:${proxy.port}` },
      });
      expect(await statuses(1, '/api/catalog', from)).toEqual([200]);
      proxy.refuse();
      while ((await get('/api/catalog', client())).status !== 503) {
        await new Promise(resolve => setImmediate(resolve));
      }
      proxy.mode = 'pass';
      while ((await get('/api/catalog', client())).status !== 200) {
        await new Promise(resolve => setImmediate(resolve));
      }
      expect(await statuses(2, '/api/catalog', from)).toEqual([200, 429]);
    });

    it('tells once that the server answers and does not count, however long that lasts', async () => {
      const { createClient } = await import('@keyv/redis');
      const admin = createClient({ url: server! });
      await admin.connect();
      const name = `greenroom-test-${randomBytes(4).toString('hex')}`;
      cleanups.push(async () => {
        await admin.sendCommand(['ACL', 'DELUSER', name]);
        await admin.close();
      });
      // As a server does that is full, or a replica.
      await admin.sendCommand(['ACL', 'SETUSER', name, 'on', '>hunter2', '~*', '+@all', '-@write']);
      const proxy = await TcpProxy.start(server!);
      cleanups.push(() => proxy.stop());
      const connection = `redis://${name}:hunter2@127.0.0.1:${proxy.port}`;
      const { get, logger } = await startServer({ store: { type: 'redis', connection } });
      while (proxy.connections < 4) {
        expect((await get('/api/catalog', client())).status).toBe(503);
      }
      const told = () =>
        logger.entries.map(({ message }) => message).filter(message => message.includes('rate limit store'));
      expect(told()).toEqual([expect.stringMatching(/can't be used: /)]);
      await admin.sendCommand(['ACL', 'SETUSER', name, '+@write']);
      while ((await get('/api/catalog', client())).status !== 200) {
        await new Promise(resolve => setImmediate(resolve));
      }
      expect(told()).toEqual([expect.anything(), expect.stringMatching(/is used again after \d+ s$/)]);
    });
  });
});

it.each<[string, JsonValue]>([
  ['backend.rateLimit must be true, false or an object', 5],
  ['backend.rateLimit.window must be from 1 ms', { window: 0 }],
  ['backend.rateLimit.window must be from 1 ms to 24 days', { window: { days: 25 } }],
  ...[0, 1.5].map((incomingRequestLimit): [string, JsonValue] => [
    'backend.rateLimit.incomingRequestLimit must be a whole number from 1',
    { incomingRequestLimit },
  ]),
  [
    "backend.rateLimit.plugin.a.ipAllowList has the entry '10.0.0.0/40'",
    { plugin: { a: { ipAllowList: ['10.0.0.0/40'] } } },
  ],
  ...['localhost', '10.0.0.0/33', '10.0.0.0/8/9', '10.0.0.0/8x', '10.0.0.0/x8', '10.0.0.0/', '::/129'].map(
    (entry): [string, JsonValue] => [
      `backend.rateLimit.ipAllowList has the entry '${entry}'`,
      { ipAllowList: [entry] },
    ],
  ),
  [
    "backend.rateLimit.store.type is 'memcache', and must be 'memory' or 'redis'",
    { store: { type: 'memcache' } },
  ],
  ['backend.rateLimit.store.connection is not a URL', { store: { type: 'redis', connection: 'x:hunter2' } }],
])('says that %s', (message, rateLimit) => {
  const read = () => readRateLimits(new ConfigReader({ backend: { rateLimit } }));
  expect(read).toThrow(expect.objectContaining({ code: 'GR_CONFIG_VALUE' }));
  expect(read).toThrow(message);
  expect(read).not.toThrow('hunter2');
});

it('takes the widest and the narrowest networks, and the longest window', () => {
  const ipAllowList = ['0.0.0.0/0', '10.0.0.1/32', '::/0', '::1/128'];
  const rateLimit = { window: { days: 24 }, ipAllowList, incomingRequestLimit: 1 };
  expect(readRateLimits(new ConfigReader({ backend: { rateLimit } }))?.global).toEqual({
    window: 24 * 24 * 3_600_000,
    limit: 1,
    ipAllowList,
    passOnStoreError: false,
    skipSuccessfulRequests: false,
    skipFailedRequests: false,
  });
});

it('names the package that the store on Redis needs', () => {
  expect(new RateLimitStoreMissingError('@keyv/redis', undefined)).toMatchObject({
    code: 'GR_RATE_LIMIT_STORE_MISSING',
    message: expect.stringContaining('npm install @keyv/redis'),
  });
});
