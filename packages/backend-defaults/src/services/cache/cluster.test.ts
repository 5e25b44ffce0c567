// The stores redis and valkey on clusters of their own: keys that move, and servers that fail.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { eventually, freePort, RedisCluster, TcpProxy } from '@greenroom/testing';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { selfSignedCertificate } from '../../testing/selfSignedCertificate';
import { within } from '../../testing/within';
import { PluginCaches } from './PluginCaches';
import { slotOf } from './slotOf';

const stores = ['redis', 'valkey'] as const;
type Store = (typeof stores)[number];
const password = 'hunter2';
/** On a busy machine servers do not always answer in the usual time. */
const patient = { commandTimeout: '15s' };
const brisk = { commandTimeout: 500 };
const cleanups: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

/** Servers in the form of the store's own client. */
const rootNodes = (store: Store, ports: number[]): JsonObject[] =>
  ports.map(port => (store === 'redis' ? { url: `redis://127.0.0.1:${port}` } : { host: '127.0.0.1', port }));

async function createCaches(store: Store, cluster: JsonObject, cache: JsonObject = {}) {
  const logger = new MemoryLogger();
  const client = { namespace: store, keyPrefixSeparator: ':', keyPrefix: `${store}:` };
  const config = new ConfigReader({ backend: { cache: { store, ...cache, [store]: { client, cluster } } } });
  const caches = await PluginCaches.create({ config, logger });
  cleanups.push(() => caches.close());
  const logs = () => logger.entries.map(({ level, message }) => `${level}: ${message}`);
  return { caches, cache: caches.forPlugin('test'), logs, forget: () => logger.entries.splice(0) };
}

/** At once, as most of the time is spent waiting. */
const withEach = <T>(run: (store: Store) => Promise<T>) => Promise.all(stores.map(run));

it('is a miss in time, warns once, and keeps nothing open, where no server answers', async () => {
  await withEach(async store => {
    const silent = await TcpProxy.start();
    cleanups.push(() => silent.stop());
    const ports = [await freePort(), silent.port];
    const { cache, caches, logs } = await createCaches(store, { rootNodes: rootNodes(store, ports) });
    await within(250, () => cache.set('key', 1));
    for (let i = 0; i < 100; i++) {
      expect(await within(250, () => cache.get('key'))).toBeUndefined();
    }
    await eventually(() => expect(logs()).toHaveLength(1));
    expect(logs()).toEqual([
      `warn: The cache at redis://127.0.0.1:${ports[0]}, redis://127.0.0.1:${ports[1]} can't be used: connect ECONNREFUSED 127.0.0.1:${ports[0]}, there was no answer within 2000 ms. The backend goes on without cached values, and uses it again when it answers.`,
    ]);
    await within(250, () => caches.close());
    await eventually(() => expect(silent.open).toBe(0));
  });
});

it.each(stores)('says what each server answered, with %s', async store => {
  const ports = [await freePort(), await freePort()];
  const { cache, logs } = await createCaches(store, { rootNodes: rootNodes(store, ports) });
  expect(await cache.get('key')).toBeUndefined();
  const refused = ports.map(port => `connect ECONNREFUSED 127.0.0.1:${port}`);
  // On a busy machine, the first call may have given up before.
  await eventually(() =>
    expect(logs()).toEqual([expect.stringContaining(`can't be used: ${refused.join(', ')}. `)]),
  );
});

const title = RedisCluster.isInstalled
  ? ''
  : ' (needs redis-server and redis-cli, as in Debian’s package redis)';

(RedisCluster.isInstalled ? describe : describe.skip)(`caches on a cluster${title}`, () => {
  jest.setTimeout(30_000);
  const certificate = selfSignedCertificate();
  let cluster: RedisCluster;
  let encrypted: RedisCluster;
  beforeAll(async () => {
    // Each by itself, so that one is stopped also where the other does not start.
    await Promise.all([
      RedisCluster.start({ replicas: 1, password }).then(started => (cluster = started)),
      RedisCluster.start({ masters: 1, tls: certificate }).then(started => (encrypted = started)),
    ]);
  });
  afterAll(() => Promise.all([cluster?.stop(), encrypted?.stop()]));

  it('has the slots that the servers compute', async () => {
    for (const key of ['123456789', 'zwölf', 'a{b}c', 'a{}c{d}', 'a{b', 'a}b{c}{d}', '']) {
      const slot = await cluster.command(cluster.ports[0]!, 'CLUSTER', 'KEYSLOT', key);
      expect([key, slotOf(key)]).toEqual([key, Number(slot)]);
    }
  });

  const settings = (store: Store, ports = cluster.ports.slice(0, 2)): JsonObject => ({
    rootNodes: rootNodes(store, ports),
    defaults: { password },
  });

  /** A key for each master, by its port. Braces make its slot independent of prefixes. */
  async function keys(): Promise<Map<number, string>> {
    const ownerOf = await cluster.owners();
    const found = new Map<number, string>();
    for (let i = 0; found.size < 3; i++) {
      found.set(ownerOf(slotOf(`${i}`)), `{${i}}`);
    }
    return found;
  }

  async function replicaPort(): Promise<number> {
    for (const port of cluster.ports) {
      if ((await cluster.command(port, 'ROLE')).startsWith('slave')) return port;
    }
    throw new Error('There is no replica');
  }

  it('follows the keys of a master to the replica that takes over in order', async () => {
    const each = await withEach(store => createCaches(store, settings(store), patient));
    const names = [...(await keys()).values()];
    const read = ({ cache }: (typeof each)[0]) => Promise.all(names.map(name => cache.get(name)));
    const write = (value: number) =>
      Promise.all(each.flatMap(({ cache }) => names.map(name => cache.set(name, value, { ttl: 60_000 }))));
    await write(1);
    const replica = await replicaPort();
    await cluster.command(replica, 'CLUSTER', 'FAILOVER');
    await eventually(async () => {
      expect(await cluster.command(replica, 'ROLE')).toMatch(/^master/);
      await write(2);
      expect(await Promise.all(each.map(read))).toEqual(stores.map(() => [2, 2, 2]));
    });
    // While they agree, a server may refuse everything for a moment. That is the only break there may be.
    const breaks = each.flatMap(({ logs }) => logs()).filter(text => text.startsWith('warn'));
    expect(breaks.filter(text => !text.includes('CLUSTERDOWN'))).toEqual([]);
    await cluster.ready();
  });

  it('is not used from the death of one master until its replica has taken over', async () => {
    const replica = await replicaPort();
    const master = Number((await cluster.command(replica, 'ROLE')).split('\n')[2]);
    const all = await keys();
    const lost = all.get(master)!;
    const [, living] = [...all].find(([port]) => port !== master)!;
    const each = await withEach(async store => {
      const found = await createCaches(store, settings(store), brisk);
      await eventually(async () => {
        await found.cache.set(living, 'kept', { ttl: 60_000 });
        await found.cache.set(lost, 'old', { ttl: 60_000 });
        expect(await found.cache.get(lost)).toBe('old');
      });
      await eventually(async () => {
        expect(await cluster.command(replica, 'KEYS', `${store}:*`)).toContain(lost);
      });
      found.forget();
      return found;
    });

    await cluster.signal(master, 'SIGKILL');
    cleanups.push(() => cluster.restart(master).then(() => cluster.ready()));
    for (const { cache, logs } of each) {
      await eventually(async () => {
        await within(600, () => cache.get(lost));
        expect(logs()).toEqual([expect.stringMatching(`^warn: .* can't be used: .*127.0.0.1:${master}`)]);
      });
      await within(600, () => cache.set(lost, 'new'));
      expect(await within(600, () => cache.get(living))).toBeUndefined();
    }

    await cluster.command(replica, 'CLUSTER', 'FAILOVER', 'TAKEOVER');
    for (const { cache, logs } of each) {
      await eventually(async () => expect(await within(600, () => cache.get(living))).toBe('kept'));
      expect(await cache.get(lost)).toBeUndefined();
      await cache.set(lost, 'newer', { ttl: 60_000 });
      expect(await cache.get(lost)).toBe('newer');
      const used = expect.stringMatching(/^info: .* is used again after \d+ s$/);
      expect(logs()).toEqual([expect.anything(), used]);
    }
  });

  it('gives up on a master that falls silent, and is used again when that answers', async () => {
    const [[port, key]] = [...(await keys())] as [[number, string]];
    const each = await withEach(async store => {
      const found = await createCaches(store, settings(store), brisk);
      await eventually(async () => {
        await found.cache.set(key, 1, { ttl: 60_000 });
        expect(await found.cache.get(key)).toBe(1);
      });
      found.forget();
      return found;
    });
    await cluster.signal(port, 'SIGSTOP');
    cleanups.push(() => cluster.signal(port, 'SIGCONT').then(() => cluster.ready()));
    await Promise.all(
      each.map(async ({ cache, logs }) => {
        const calls = Array.from({ length: 50 }, () => within(600, () => cache.get(key)));
        expect(await Promise.all(calls)).toEqual(calls.map(() => undefined));
        expect(logs()).toEqual([expect.stringContaining('there was no answer within 500 ms')]);
      }),
    );
    await cluster.signal(port, 'SIGCONT');
    for (const { cache, logs } of each) {
      await eventually(async () => expect(await within(600, () => cache.get(key))).toBe(1));
      expect(logs()).toHaveLength(2);
    }
  });

  it('is down, and says so once, where a master refuses commands because a part is missing', async () => {
    const owner = (await cluster.owners())(slotOf('part'));
    const asked = cluster.ports.slice(1, 3).find(port => port !== owner)!;
    const each = await withEach(async store => {
      const root = await TcpProxy.start({ host: '127.0.0.1', port: asked });
      cleanups.push(() => root.stop());
      return { root, ...(await createCaches(store, settings(store, [root.port]))) };
    });
    await cluster.command(owner, 'CLUSTER', 'DELSLOTS', String(slotOf('part')));
    cleanups.push(async () => {
      await cluster.command(owner, 'CLUSTER', 'ADDSLOTS', String(slotOf('part')));
      await cluster.ready();
    });
    await Promise.all(
      each.map(async ({ root, cache, logs }) => {
        const before = root.connections;
        await eventually(async () => {
          await cache.get('{part}');
          expect(root.connections).toBeGreaterThan(before + 1);
        });
        expect(logs()).toEqual([expect.stringContaining('CLUSTERDOWN')]);
      }),
    );
  });

  describe.each(stores)('%s', store => {
    it('keeps values of plugins on all masters, though only one of the named servers answers', async () => {
      const silent = await TcpProxy.start();
      cleanups.push(() => silent.stop());
      const ports = [await freePort(), silent.port, cluster.ports[1]!];
      const { cache, caches, logs } = await createCaches(store, settings(store, ports), patient);
      const names = Array.from({ length: 30 }, (_, i) => `name ${i}`);
      await Promise.all(names.map((name, i) => cache.set(name, i, { ttl: 60_000 })));
      expect(await Promise.all(names.map(name => cache.get(name)))).toEqual(names.map((_, i) => i));
      expect(await caches.forPlugin('other').get('name 1')).toBeUndefined();
      const perMaster = () =>
        Promise.all(
          cluster.ports.slice(0, 3).map(async port => {
            const found = await cluster.command(port, 'KEYS', `${store}:test:name *`);
            return found === '' ? 0 : found.split('\n').length;
          }),
        );
      const counts = await perMaster();
      expect(Math.min(...counts)).toBeGreaterThan(0);
      expect(counts.reduce((sum, count) => sum + count)).toBe(30);
      await caches.check!();
      await Promise.all(names.map(name => cache.delete(name)));
      expect(await perMaster()).toEqual([0, 0, 0]);
      expect(logs()).toEqual([]);
    });

    it('follows a key to another master, while its slot moves there and afterwards', async () => {
      const { cache, logs } = await createCaches(store, settings(store), patient);
      // A key of its own for each store, as its slot stays where it went.
      const key = `moves ${store}`;
      const slot = slotOf(`${store}:test:${key}`);
      const ownerOf = await cluster.owners();
      const from = ownerOf(slot);
      const to = [...(await keys()).keys()].find(port => port !== from)!;
      const setSlot = (port: number, ...state: string[]) =>
        cluster.command(port, 'CLUSTER', 'SETSLOT', String(slot), ...state);
      await cache.set(key, 'old', { ttl: 60_000 });
      await setSlot(to, 'IMPORTING', cluster.idOf(from));
      await setSlot(from, 'MIGRATING', cluster.idOf(to));
      expect(await cache.get(key)).toBe('old');
      const target = ['127.0.0.1', String(to), `${store}:test:${key}`, '0', '5000', 'AUTH', password];
      expect(await cluster.command(from, 'MIGRATE', ...target)).toBe('OK');
      expect(await cache.get(key)).toBe('old');
      await cache.set(key, 'new', { ttl: 60_000 });
      expect(await cache.get(key)).toBe('new');
      await cache.delete(key);
      expect(await cache.get(key)).toBeUndefined();
      await Promise.all(['newer', 'newest'].map(value => cache.set(key, value, { ttl: 60_000 })));
      for (const port of [to, from]) {
        await setSlot(port, 'NODE', cluster.idOf(to));
      }
      expect(await cache.get(key)).toBe('newest');
      const sentAway = () => cluster.command(from, 'INFO', 'errorstats');
      const before = await sentAway();
      expect(await cache.get(key)).toBe('newest');
      expect(await sentAway()).toBe(before);
      expect(logs()).toEqual([]);
    });

    it('removes the old value on a master that is full, while the others store', async () => {
      const { cache, logs } = await createCaches(store, settings(store), patient);
      const [[full, refused], [, taken]] = [...(await keys())] as [[number, string], [number, string]];
      await cache.set(refused, 'old', { ttl: 60_000 });
      await cluster.command(full, 'CONFIG', 'SET', 'maxmemory', '1');
      cleanups.push(() => cluster.command(full, 'CONFIG', 'SET', 'maxmemory', '0'));
      await cache.set(refused, 'new', { ttl: 60_000 });
      await cache.set(taken, 'new', { ttl: 60_000 });
      expect([await cache.get(refused), await cache.get(taken)]).toEqual([undefined, 'new']);
      expect(logs()).toEqual([
        expect.stringMatching(/^warn: The cache at .* refuses to store values: .*OOM/),
      ]);
    });

    it('reaches the masters with the password of a URL', async () => {
      const urls = [`redis://:${password}@127.0.0.1:${cluster.ports[1]}`];
      const { cache, logs } = await createCaches(store, { rootNodes: urls }, patient);
      const names = [...(await keys()).values()];
      await Promise.all(names.map(name => cache.set(name, name, { ttl: 60_000 })));
      expect(await Promise.all(names.map(name => cache.get(name)))).toEqual(names);
      expect(logs()).toEqual([]);
    });

    it('keeps a wrong password out of the log', async () => {
      const wrong = { ...settings(store), defaults: { username: 'default', password: 'swordfish' } };
      const { cache, logs } = await createCaches(store, wrong);
      expect(await cache.get('key')).toBeUndefined();
      await eventually(() => expect(logs()).toEqual([expect.stringContaining('WRONGPASS')]));
      expect(logs().join()).not.toContain('swordfish');
    });

    it('says that a server refuses the password, though another one is silent', async () => {
      const silent = await TcpProxy.start();
      cleanups.push(() => silent.stop());
      const ports = [silent.port, cluster.ports[1]!];
      const { cache, logs } = await createCaches(store, { rootNodes: rootNodes(store, ports) });
      expect(await cache.get('key')).toBeUndefined();
      await eventually(() =>
        expect(logs()).toEqual([expect.stringMatching(/NOAUTH .*, there was no answer within 2000 ms\. /)]),
      );
    });

    it('does not blame servers that it left because another one had told of the masters', async () => {
      const [silent, ...ports] = [...(await keys()).keys()];
      await cluster.signal(silent!, 'SIGSTOP');
      cleanups.push(() => cluster.signal(silent!, 'SIGCONT').then(() => cluster.ready()));
      const { cache, logs } = await createCaches(store, settings(store, ports));
      expect(await cache.get('key')).toBeUndefined();
      const reason = expect.stringContaining("can't be used: there was no answer within 2000 ms. ");
      await eventually(() => expect(logs()).toEqual([reason]));
    });

    it('finishes what runs when it is closed, and keeps nothing open', async () => {
      // As the servers see it, because this process may have sockets of other tests.
      const connections = async () => {
        const lists = cluster.ports.map(port => cluster.command(port, 'CLIENT', 'LIST', 'TYPE', 'normal'));
        const all = (await Promise.all(lists)).join('\n').split('\n');
        // Neither who asks, nor what is left between masters for ten seconds when a slot has moved.
        return all.filter(line => !/ cmd=(client|restore)/.test(line)).length;
      };
      await eventually(async () => expect(await connections()).toBe(0));
      const { cache, caches } = await createCaches(store, settings(store), patient);
      const names = [...(await keys()).values()];
      await Promise.all(names.map(name => cache.set(name, 1, { ttl: 60_000 })));
      await eventually(async () => expect(await connections()).toBe(3));
      const written = names.map(name => cache.set(name, 2, { ttl: 60_000 }));
      await caches.close();
      await Promise.all(written);
      await eventually(async () => expect(await connections()).toBe(0));
      expect(await cache.get(names[0]!)).toBeUndefined();
      const { cache: other } = await createCaches(store, settings(store), patient);
      expect(await Promise.all(names.map(name => other.get(name)))).toEqual([2, 2, 2]);
    });

    it('takes TLS and the other options of connections from the defaults', async () => {
      const trust = { ca: certificate.cert, servername: 'localhost' };
      const { cache, logs } = await createCaches(
        store,
        {
          rootNodes: [{ host: '127.0.0.1', port: encrypted.ports[0]! }],
          defaults: store === 'redis' ? { socket: { tls: true, ...trust } } : { tls: trust },
        },
        patient,
      );
      await cache.set('key', 1, { ttl: 60_000 });
      expect(await cache.get('key')).toBe(1);
      expect(logs()).toEqual([]);
    });
  });
});
