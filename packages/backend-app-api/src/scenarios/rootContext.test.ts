// createRootContext: runs once, sees root services only, and its result goes to the factory of every plugin.
import { coreServices, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import {
  backendFixture,
  deferred,
  entryOf,
  failuresOf,
  plugin,
  provide,
  resultOf,
  rejectionsTold,
} from './backendFixture';

const urlRef = createServiceRef<string>({ id: 'test.url', scope: 'root' });
const clientRef = createServiceRef<{ id: string; context: unknown }>({ id: 'test.client' });
const url = provide(urlRef, () => 'http://localhost');

const asking = (id: string, got: unknown[] = []) =>
  plugin(id, { deps: { client: clientRef }, init: ({ client }) => void got.push(client) });

describe('createRootContext', () => {
  it.each([
    ['at once', <T>(value: T) => value],
    ['as a promise', async <T>(value: T) => value],
  ])(
    'runs once, sees only root services, and its result is what every factory receives: %s',
    async (_, give) => {
      const seen: string[][] = [];
      const client = createServiceFactory({
        service: clientRef,
        deps: { url: urlRef, metadata: coreServices.pluginMetadata },
        createRootContext: deps => {
          seen.push(Object.keys(deps));
          return give({ pool: deps.url });
        },
        factory: ({ metadata }, context) => ({ id: metadata.getId(), context }),
      });
      const got: Array<{ id: string; context: unknown }> = [];
      await backendFixture({ features: [url, client, asking('a', got), asking('b', got)] }).start();
      expect(seen).toEqual([['url']]);
      expect(got.map(({ id }) => id).sort()).toEqual(['a', 'b']);
      expect(got[0]!.context).toEqual({ pool: 'http://localhost' });
      expect(got[0]!.context).toBe(got[1]!.context);
    },
  );

  it('may be undefined, and is still made once', async () => {
    let calls = 0;
    const client = createServiceFactory({
      service: clientRef,
      deps: {},
      createRootContext: () => void (calls += 1),
      factory: (_, context) => ({ id: '', context }),
    });
    await backendFixture({ features: [client, asking('a'), asking('b')] }).start();
    expect(calls).toBe(1);
  });

  it('is not made if no plugin needs the service', async () => {
    let calls = 0;
    const client = createServiceFactory({
      service: clientRef,
      deps: {},
      createRootContext: () => void (calls += 1),
      factory: () => ({ id: '', context: undefined }),
    });
    await backendFixture({ features: [client, plugin('a')] }).start();
    expect(calls).toBe(0);
  });

  it('is made with the root services ready, however long they take', async () => {
    const slow = deferred<string>();
    const slowUrl = createServiceFactory({
      service: urlRef,
      initialization: 'lazy',
      deps: {},
      factory: () => slow.promise,
    });
    const client = createServiceFactory({
      service: clientRef,
      deps: { url: urlRef },
      createRootContext: deps => deps.url,
      factory: (_, context) => ({ id: '', context }),
    });
    const got: Array<{ context: unknown }> = [];
    const starting = backendFixture({
      features: [slowUrl, client, asking('a', got), asking('b', got)],
    }).start();
    slow.resolve('http://slow');
    await starting;
    expect(got.map(({ context }) => context)).toEqual(['http://slow', 'http://slow']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no pool');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no pool'))],
  ])(
    'that %s fails every plugin that needs the service, and only those, and is not tried again',
    async (_, fail) => {
      let calls = 0;
      let made = 0;
      const client = createServiceFactory({
        service: clientRef,
        deps: { url: urlRef },
        createRootContext: () => {
          calls += 1;
          return fail();
        },
        factory: () => {
          made += 1;
          return { id: '', context: undefined };
        },
      });
      const result = await resultOf([url, client, asking('a'), asking('b'), plugin('c')]);
      expect(failuresOf(result)).toEqual(
        ['a', 'b'].map(id => [
          'GR_SERVICE_FAILED',
          expect.stringContaining(
            `could not get service 'test.client': no pool (plugin '${id}' -> service 'test.client')`,
          ),
        ]),
      );
      expect(entryOf(result, 'c').status).toBe('started');
      expect([calls, made]).toEqual([1, 0]);
    },
  );

  it('that rejects after a dependency threw causes no unhandled rejection', async () => {
    const brokenRef = createServiceRef<string>({ id: 'test.broken' });
    const broken = provide(brokenRef, () => {
      throw new Error('at once');
    });
    const client = createServiceFactory({
      service: clientRef,
      deps: { broken: brokenRef },
      createRootContext: () => Promise.reject(new Error('slower')),
      factory: () => ({ id: '', context: undefined }),
    });
    const result = await resultOf([broken, client, asking('a')]);
    expect(failuresOf(result)).toEqual([['GR_SERVICE_FAILED', expect.stringContaining('at once')]]);
    await rejectionsTold();
  });

  it('is made anew for each backend', async () => {
    let calls = 0;
    const client = createServiceFactory({
      service: clientRef,
      deps: {},
      createRootContext: () => (calls += 1),
      factory: (_, context) => ({ id: '', context }),
    });
    const got: Array<{ context: unknown }> = [];
    await backendFixture({ features: [client, asking('a', got)] }).start();
    await backendFixture({ features: [client, asking('a', got)] }).start();
    expect(got.map(({ context }) => context)).toEqual([1, 2]);
  });
});
