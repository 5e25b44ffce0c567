// Empty caches for tests, on every kind of cache server that the environment provides.
import { randomBytes } from 'node:crypto';
import { Keyv } from 'keyv';
import { afterAllTests } from '../afterAllTests';
import { testServerAddress } from './testServers';

/**
 * The caches that tests can use.
 *
 * @public
 */
export type TestCacheId = 'MEMORY' | 'REDIS_7' | 'VALKEY_8' | 'MEMCACHED_1';

/** In milliseconds. */
const connectionTimeout = 3_000;

const allIds: TestCacheId[] = ['MEMORY', 'REDIS_7', 'VALKEY_8', 'MEMCACHED_1'];

/**
 * Provides empty caches for tests, and closes their connections after all tests.
 *
 * The memory cache is always available. A server is used if an environment variable has its address:
 * `BACKSTAGE_TEST_CACHE_REDIS7_CONNECTION_STRING` (and so on for the others), or for Redis `GREENROOM_TEST_REDIS`. No
 * containers are started.
 *
 * @public
 */
export class TestCaches {
  static #defaultIds: readonly TestCacheId[] = allIds;
  readonly #addresses = new Map<TestCacheId, string>();
  readonly #opened: Keyv[] = [];

  /**
   * Creates the caches. `ids` defaults to those of {@link TestCaches.setDefaults}, otherwise to all; `disableDocker`
   * has no effect. Call this outside of tests.
   */
  static create(options?: { ids?: TestCacheId[]; disableDocker?: boolean }): TestCaches {
    const caches = new TestCaches(options?.ids ?? TestCaches.#defaultIds);
    afterAllTests(() => caches.#cleanUp());
    return caches;
  }

  /** Sets the caches to use if `create` is called without `ids`. */
  static setDefaults(options: { ids?: TestCacheId[] }): void {
    TestCaches.#defaultIds = options.ids ?? allIds;
  }

  private constructor(ids: readonly TestCacheId[]) {
    for (const id of ids) {
      const address = id === 'MEMORY' ? 'memory' : addressOf(id, ids);
      if (address !== undefined) this.#addresses.set(id, address);
    }
  }

  /** Whether a cache is available in this environment, so that {@link TestCaches.init} works for it. */
  supports(id: TestCacheId): boolean {
    return this.#addresses.has(id);
  }

  /**
   * Returns the available caches in the form that `it.each` takes. Throws if none of the requested ones is available.
   */
  eachSupportedId(): Array<[TestCacheId]> {
    if (this.#addresses.size === 0) {
      throw new Error(
        'None of the caches that this test asks for can be reached. Set GREENROOM_TEST_REDIS to the address of a Redis server, or ask for MEMORY as well.',
      );
    }
    return [...this.#addresses.keys()].map(id => [id]);
  }

  /** Creates a new, empty cache. Returns its configuration for `backend.cache`, and a client. */
  async init(id: TestCacheId): Promise<{ store: string; connection: string; keyv: Keyv }> {
    const connection = this.#addresses.get(id);
    if (connection === undefined) {
      throw new Error(
        `${id} can't be reached here: set ${variableOf(id)} to the address of a server, or use only what eachSupportedId() gives.`,
      );
    }
    const { store, keyv } = await open(id, connection);
    this.#opened.push(keyv);
    return { store, connection, keyv };
  }

  async #cleanUp(): Promise<void> {
    await Promise.all(
      this.#opened.splice(0).map(async keyv => {
        await keyv.clear();
        await keyv.disconnect();
      }),
    );
  }
}

function variableOf(id: TestCacheId): string {
  return `BACKSTAGE_TEST_CACHE_${id.replace('_', '')}_CONNECTION_STRING`;
}

function addressOf(id: TestCacheId, asked: readonly TestCacheId[]): string | undefined {
  return testServerAddress(id, asked, {
    own: variableOf(id),
    ...(id === 'REDIS_7' && { shared: 'GREENROOM_TEST_REDIS' }),
    kind: id,
  });
}

/** Uses a new namespace, so that a server shared with other tests counts as empty. */
async function open(id: TestCacheId, connection: string): Promise<{ store: string; keyv: Keyv }> {
  const namespace = `test-${randomBytes(8).toString('hex')}`;
  switch (id) {
    case 'REDIS_7': {
      const { default: KeyvRedis } = await import('@keyv/redis');
      const store = new KeyvRedis(connection, { namespace, connectionTimeout });
      // Otherwise it would go on connecting for ever, and answer as if it were empty meanwhile.
      await store.getClient().catch(cause => {
        throw new Error(
          `${id} has not answered within ${connectionTimeout} ms: correct the address in ${variableOf(id)} or GREENROOM_TEST_REDIS, or start its server.`,
          { cause },
        );
      });
      return { store: 'redis', keyv: new Keyv({ store, namespace, useKeyPrefix: false }) };
    }
    case 'VALKEY_8': {
      const { default: KeyvValkey } = await import('@keyv/valkey');
      return { store: 'valkey', keyv: new Keyv({ store: new KeyvValkey(connection), namespace }) };
    }
    case 'MEMCACHED_1': {
      const { default: KeyvMemcache } = await import('@keyv/memcache');
      return { store: 'memcache', keyv: new Keyv({ store: new KeyvMemcache(connection), namespace }) };
    }
    default:
      return { store: 'memory', keyv: new Keyv({ namespace }) };
  }
}
