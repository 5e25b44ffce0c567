// Test backends, asked over real HTTP.
import { coreServices, createExtensionPoint, createServiceRef } from '@greenroom/backend-plugin-api';
import { createModule, createPlugin, provide } from '@greenroom/testing';
import { Router } from 'express';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import request from 'supertest';
import { mockCredentials } from '../credentials/mockCredentials';
import { mockServices } from '../services/mockServices';
import { startTestBackend } from './startTestBackend';

const whoPlugin = createPlugin('who', {
  deps: {
    httpRouter: coreServices.httpRouter,
    httpAuth: coreServices.httpAuth,
    discovery: coreServices.discovery,
    auth: coreServices.auth,
  },
  async init({ httpRouter, httpAuth, discovery, auth }) {
    const router = Router();
    router.get('/me', async (req, res) => {
      res.json((await httpAuth.credentials(req)).principal);
    });
    router.get('/by-way-of-service', async (req, res) => {
      const { token } = await auth.getPluginRequestToken({
        onBehalfOf: await httpAuth.credentials(req),
        targetPluginId: 'who',
      });
      const answer = await fetch(`${await discovery.getBaseUrl('who')}/me`, {
        headers: { authorization: `Bearer ${token}` },
      });
      res.status(answer.status).json(await answer.json());
    });
    router.get('/files', async (req, res) => {
      await httpAuth.credentials(req, { allow: ['user'], allowLimitedAccess: true });
      res.end('file');
    });
    httpRouter.use(router);
    httpRouter.addAuthPolicy({ path: '/files', allow: 'user-cookie' });
  },
});

describe('a test backend', () => {
  it('serves a plugin, to the default user where a request shows nothing', async () => {
    const { server } = await startTestBackend({ features: [whoPlugin] });

    const answer = await request(server).get('/api/who/me');

    expect(answer.body).toEqual({ type: 'user', userEntityRef: 'user:default/mock' });
  });

  it('stops at once where timers are fake and a client keeps its connection', async () => {
    const data = { backend: { server: { keepAliveTimeout: '10m' } } };
    const { server, stop } = await startTestBackend({
      features: [mockServices.rootConfig.factory({ data })],
    });
    const agent = new Agent({ keepAlive: true });
    const [answer] = (await once(get(`http://127.0.0.1:${server.port()}`, { agent }), 'response')) as [
      IncomingMessage,
    ];
    await once(answer.resume(), 'end');
    jest.useFakeTimers();
    try {
      expect(await stop()).toMatchObject({ outcome: 'success' });
    } finally {
      jest.useRealTimers();
      agent.destroy();
    }
  });

  it('stops without waiting for requests that may be on their way, as a server does', async () => {
    const durations: number[] = [];
    for (let round = 0; round < 3; round++) {
      const backend = await startTestBackend({});
      // Keeps its connection.
      await fetch(`http://localhost:${backend.server.port()}/`);
      const begin = performance.now();
      await backend.stop();
      durations.push(performance.now() - begin);
    }
    expect(Math.min(...durations)).toBeLessThan(80);
  });

  it('knows the headers of mock credentials', async () => {
    const { server } = await startTestBackend({ features: [whoPlugin] });
    const ask = (header: string) => request(server).get('/api/who/me').set('authorization', header);

    const ada = await ask(mockCredentials.user.header('user:default/ada'));
    const service = await ask(mockCredentials.service.header());
    const nobody = await ask(mockCredentials.none.header());
    const invalid = await ask(mockCredentials.user.invalidHeader());

    expect(ada.body).toEqual({ type: 'user', userEntityRef: 'user:default/ada' });
    expect(service.body).toEqual({ type: 'service', subject: 'external:test-service' });
    expect([nobody.status, invalid.status]).toEqual([401, 401]);
  });

  it('lets plugins call one another on behalf of users, over its real address', async () => {
    const { server } = await startTestBackend({ features: [whoPlugin] });

    const answer = await request(server)
      .get('/api/who/by-way-of-service')
      .set('authorization', mockCredentials.user.header('user:default/ada'));

    expect(answer.body).toEqual({ type: 'user', userEntityRef: 'user:default/ada' });
  });

  it('knows the cookies of limited users, where a policy takes them', async () => {
    const { server } = await startTestBackend({
      features: [whoPlugin, mockServices.httpAuth.factory({ defaultCredentials: mockCredentials.none() })],
    });
    const ask = (path: string, cookie: string) => request(server).get(path).set('cookie', cookie);

    const file = await ask('/api/who/files', mockCredentials.limitedUser.cookie('user:default/ada'));
    const me = await ask('/api/who/me', mockCredentials.limitedUser.cookie());
    const invalid = await ask('/api/who/files', mockCredentials.limitedUser.invalidCookie());

    expect([file.status, me.status, invalid.status]).toEqual([200, 401, 401]);
  });

  it('puts the features of a test before its own services', async () => {
    const database = mockServices.database.mock({
      getClient: async () => Promise.reject(new Error('no database today')),
    });
    const plugin = createPlugin('stored', {
      deps: { database: coreServices.database },
      async init({ database: db }) {
        await db.getClient();
      },
    });

    await expect(startTestBackend({ features: [plugin, database.factory] })).rejects.toThrow(
      'no database today',
    );
    expect(database.getClient).toHaveBeenCalledTimes(1);
  });

  it('gives each plugin a database in memory and a cache', async () => {
    let stored: unknown;
    const plugin = createPlugin('stored', {
      deps: { database: coreServices.database, cache: coreServices.cache },
      async init({ database, cache }) {
        const knex = await database.getClient();
        await knex.schema.createTable('things', table => void table.string('name'));
        await knex('things').insert({ name: 'one' });
        await cache.set('key', { cached: true });
        stored = [await knex('things').select(), await cache.get('key')];
      },
    });

    await startTestBackend({ features: [plugin] });

    expect(stored).toEqual([[{ name: 'one' }], { cached: true }]);
  });

  it('takes imports, and defaults that are wrapped twice', async () => {
    const { server } = await startTestBackend({
      features: [Promise.resolve({ default: { default: whoPlugin } })],
    });

    expect((await request(server).get('/api/who/me')).status).toBe(200);
  });

  it('has no server where the test replaced the router', async () => {
    const backend = await startTestBackend({ features: [mockServices.rootHttpRouter.mock().factory] });

    expect(() => backend.server).toThrow('the test replaced coreServices.rootHttpRouter');
  });

  it('stops listening', async () => {
    const backend = await startTestBackend({ features: [whoPlugin] });
    const url = `http://127.0.0.1:${backend.server.port()}/api/who/me`;
    expect((await fetch(url)).status).toBe(200);

    await backend.stop();

    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});

describe('a module without its plugin', () => {
  interface Shelf {
    put(book: string): void;
    clear(): void;
  }
  const shelfExtensionPoint = createExtensionPoint<Shelf>({ id: 'library.shelf' });
  const module = createModule('library', 'novels', {
    deps: { shelf: shelfExtensionPoint, logger: coreServices.logger },
    async init({ shelf }) {
      shelf.put('a novel');
    },
  });

  it('receives the extension points of the test', async () => {
    const put = jest.fn();

    await startTestBackend({ extensionPoints: [[shelfExtensionPoint, { put }]], features: [module] });

    expect(put).toHaveBeenCalledWith('a novel');
  });

  it('fails where the test gives none', async () => {
    await expect(startTestBackend({ features: [module] })).rejects.toThrow("'library.shelf'");
  });

  it('may come with its plugin, which lacks the extension point', async () => {
    const put = jest.fn();
    const library = createPlugin('library');

    await startTestBackend({
      extensionPoints: [[shelfExtensionPoint, { put }]],
      features: [library, module],
    });

    expect(put).toHaveBeenCalledTimes(1);
  });
});

describe('scheduled tasks', () => {
  const run = jest.fn();
  const plugin = createPlugin('tasks', {
    deps: { scheduler: coreServices.scheduler },
    async init({ scheduler }) {
      const task = (id: string, more: object) =>
        scheduler.scheduleTask({
          id,
          frequency: { hours: 1 },
          timeout: { minutes: 1 },
          fn: () => void run(id),
          ...more,
        });
      await task('plain', {});
      await task('delayed', { initialDelay: { hours: 1 } });
      await task('manual', { frequency: { trigger: 'manual' } });
    },
  });
  const ran = () => run.mock.calls.map(([id]) => id);

  beforeEach(() => run.mockClear());

  it('run once at start, except those that wait for something', async () => {
    await startTestBackend({ features: [plugin] });
    expect(ran()).toEqual(['plain']);
  });

  it('run as the test asks', async () => {
    const all = { includeManualTasksOnStartup: true, includeInitialDelayedTasksOnStartup: true };
    await startTestBackend({ features: [plugin, mockServices.scheduler.factory(all)] });
    expect(ran()).toEqual(['plain', 'delayed', 'manual']);
  });

  it('do not run where the test says so', async () => {
    await startTestBackend({
      features: [plugin, mockServices.scheduler.factory({ skipTaskRunOnStartup: true })],
    });
    expect(ran()).toEqual([]);
  });

  it('are aborted when the backend stops', async () => {
    let running: Promise<void> | undefined;
    const watching = createPlugin('watching', {
      deps: { scheduler: coreServices.scheduler },
      async init({ scheduler }) {
        await scheduler.scheduleTask({
          id: 'watch',
          frequency: { trigger: 'manual' },
          timeout: { hours: 1 },
          fn: (signal: AbortSignal) => once(signal, 'abort').then(() => {}),
        });
        running = scheduler.triggerTask('watch');
      },
    });
    const backend = await startTestBackend({ features: [watching] });
    await backend.stop();
    await expect(running).resolves.toBeUndefined();
  });
});

describe('a service of the test', () => {
  it('is given by a factory among the features', async () => {
    const greeterRef = createServiceRef<{ greet(): string }>({ id: 'greeter' });
    let greeting: string | undefined;
    const plugin = createPlugin('polite', {
      deps: { greeter: greeterRef },
      async init({ greeter }) {
        greeting = greeter.greet();
      },
    });

    await startTestBackend({
      features: [plugin, provide(greeterRef, () => ({ greet: () => 'Hello' }))],
    });

    expect(greeting).toBe('Hello');
  });
});
