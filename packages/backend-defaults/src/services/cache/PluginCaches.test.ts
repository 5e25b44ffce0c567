// The caches of plugins in memory, and what is said about a wrong configuration.
import { ConfigReader } from '@backstage/config';
import type { JsonObject, JsonValue } from '@backstage/types';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { PluginCaches } from './PluginCaches';

const create = (cache?: JsonObject) =>
  PluginCaches.create({
    config: new ConfigReader(cache ? { backend: { cache } } : {}),
    logger: new MemoryLogger(),
  });

afterEach(() => jest.useRealTimers());

it('keeps JSON values as copies, apart for each plugin', async () => {
  const caches = await create();
  const catalog = caches.forPlugin('catalog');
  const value = { list: [1, 'two', null, true], nested: { a: 1 } };
  await catalog.set('key', value);
  value.nested.a = 2;
  expect(await catalog.get('key')).toEqual({ list: [1, 'two', null, true], nested: { a: 1 } });
  expect(await catalog.get('key')).not.toBe(await catalog.get('key'));
  expect(await caches.forPlugin('search').get('key')).toBeUndefined();
  expect(await caches.forPlugin('catalog').get('key')).toBeDefined();
  await catalog.delete('key');
  expect(await catalog.get('key')).toBeUndefined();
  await caches.close();
});

it.each<[string, JsonValue]>([
  ['null', null],
  ['false', false],
  ['zero', 0],
  ['an empty string', ''],
])('keeps %s', async (_, value) => {
  const cache = (await create()).forPlugin('catalog');
  await cache.set('', value);
  expect(await cache.get('')).toBe(value);
});

it('removes a key whose value becomes undefined, and leaves what can not be JSON to the caller', async () => {
  const cache = (await create()).forPlugin('catalog');
  await cache.set('key', 1);
  await cache.set('key', undefined as never);
  expect(await cache.get('key')).toBeUndefined();
  await expect(cache.set('key', 1n as never)).rejects.toThrow(TypeError);
});

it('takes the time to live from the call, else from its options, else from the configuration', async () => {
  jest.useFakeTimers();
  const cache = (await create({ store: 'memory', defaultTtl: '10s' })).forPlugin('catalog');
  const brief = cache.withOptions({ defaultTtl: { seconds: 5 } });
  await brief.set('from options', 1);
  await cache.set('from configuration', 1);
  await brief.set('from call', 1, { ttl: 20_000 });
  await brief.withOptions({}).set('inherited', 1);
  // The adapter of older plugins passes on options that they may leave out.
  await brief.withOptions(undefined as never).set('left out', 1);
  await brief.set('without limit', 1, { ttl: 0 });
  const left = async () => {
    const keys = ['from options', 'inherited', 'from configuration', 'from call', 'without limit'];
    const values = await Promise.all(keys.map(key => cache.get(key)));
    return keys.filter((_, i) => values[i] !== undefined);
  };
  jest.advanceTimersByTime(4_999);
  expect(await left()).toHaveLength(5);
  jest.advanceTimersByTime(1);
  expect(await left()).toEqual(['from configuration', 'from call', 'without limit']);
  jest.advanceTimersByTime(5_000);
  expect(await left()).toEqual(['from call', 'without limit']);
  jest.advanceTimersByTime(10_000);
  expect(await left()).toEqual(['without limit']);
});

it.each([-1, Number.NaN, { seconds: -1 }, { minutes: 1, second: 30 }])(
  'refuses the time to live %j',
  async ttl => {
    const cache = (await create()).forPlugin('catalog');
    await expect(cache.set('key', 1, { ttl })).rejects.toMatchObject({
      code: 'GR_CACHE_TTL',
      message: expect.stringContaining(typeof ttl === 'object' ? JSON.stringify(ttl) : String(ttl)),
    });
    expect(() => cache.withOptions({ defaultTtl: ttl })).toThrow('time to live');
  },
);

it('bounds its memory as configured', async () => {
  const caches = await create({ memory: { maxBytes: 1_000 } });
  const cache = caches.forPlugin('catalog');
  await cache.set('large', 'x'.repeat(1_000));
  await cache.set('small', 'x');
  expect([await cache.get('large'), await cache.get('small')]).toEqual([undefined, 'x']);
});

it.each<[string, JsonObject]>([
  ["backend.cache.store is 'memcache', and must be 'memory', 'redis' or 'valkey'", { store: 'memcache' }],
  ["backend.cache.connection is not a URL such as 'redis://", { store: 'redis' }],
  ['backend.cache.connection is not a URL', { store: 'valkey', connection: 'localhost:6379' }],
  ['backend.cache.connection.url is not a URL', { store: 'redis', connection: { url: 'http://x' } }],
  ['backend.cache.redis.cluster.rootNodes must be a list', { store: 'redis', redis: { cluster: {} } }],
  [
    'backend.cache.valkey.cluster.rootNodes[1] does not name a server',
    { store: 'valkey', valkey: { cluster: { rootNodes: [{ host: 'one' }, { port: 1 }] } } },
  ],
  [
    'backend.cache.redis.cluster.rootNodes[0] does not name a server',
    { store: 'redis', redis: { cluster: { rootNodes: [{ url: 'http://host' }] } } },
  ],
  ['backend.cache.memory.maxBytes must not be negative', { memory: { maxBytes: -1 } }],
  ['backend.cache.defaultTtl is not a duration', { defaultTtl: 'soon' }],
])('says that %s', async (message, cache) => {
  await expect(create(cache)).rejects.toMatchObject({
    code: 'GR_CONFIG_VALUE',
    message: expect.stringContaining(message),
  });
});

it('keeps passwords of wrong connections to itself', async () => {
  const failure = await create({ store: 'redis', connection: 'redis//:hunter2@host' }).catch(error => error);
  expect(JSON.stringify(failure)).not.toContain('hunter2');
});

it.each(['redis', 'valkey'])('names the package of %s where that is not installed', async store => {
  const name = `@keyv/${store}`;
  jest.resetModules();
  jest.doMock(name, () => {
    throw new Error(`Cannot find module '${name}'`);
  });
  try {
    await expect(create({ store, connection: 'redis://localhost' })).rejects.toMatchObject({
      code: 'GR_CACHE_STORE_MISSING',
      message: `The cache store '${store}' needs the package '${name}', which can't be loaded. Install it (npm install ${name}), or choose another store in backend.cache.store.`,
    });
  } finally {
    jest.dontMock(name);
  }
});
