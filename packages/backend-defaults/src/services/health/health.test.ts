// Health of whole backends over HTTP: plugins, their checks, and servers that are away.
import type { JsonObject } from '@backstage/types';
import { coreServices, eventsServiceRef, healthServiceRef } from '@greenroom/backend-plugin-api';
import { createPlugin, dropDatabases, TcpProxy } from '@greenroom/testing';
import { randomBytes } from 'node:crypto';
import { startBackend, type StartedBackend } from '../../testing/startBackend';
import { signal } from '../../testing/signal';

const running: StartedBackend[] = [];
afterEach(() => Promise.all(running.splice(0).map(backend => backend.stop())));

async function start(
  backendConfig: JsonObject,
  features: Parameters<typeof startBackend>[0]['features'],
): Promise<(path?: string) => Promise<{ status: number; body: Record<string, unknown>; text: string }>> {
  const backend = await startBackend({ config: { backend: backendConfig }, features });
  running.push(backend);
  return async (path = 'readiness') => {
    const response = await fetch(`${backend.url}/.backstage/health/v1/${path}`);
    const text = await response.text();
    return { status: response.status, body: JSON.parse(text), text };
  };
}

const health = { maxAge: 0 };
let wrong: Error | undefined;
beforeEach(() => (wrong = undefined));

const checking = createPlugin('checking', {
  deps: { health: healthServiceRef },
  async init({ health: service }) {
    service.addCheck({
      name: 'queue',
      check() {
        if (wrong) throw wrong;
      },
    });
  },
});

const failing = createPlugin('failing', {
  async init() {
    throw new Error('token hunter2 is not valid');
  },
});

const withDatabase = createPlugin('stored', {
  deps: { database: coreServices.database, cache: coreServices.cache },
  async init({ database }) {
    await (await database.getClient()).raw('select 1');
  },
});

const listening = createPlugin('listening', {
  deps: { events: eventsServiceRef },
  async init({ events }) {
    await events.subscribe({ id: 'any', topics: [`health.${process.pid}`], async onEvent() {} });
  },
});

it('is ok in one word, and in a list for who asks', async () => {
  const probe = await start({}, [checking]);
  expect(await probe()).toMatchObject({ status: 200, text: '{"status":"ok"}' });
  expect(await probe('readiness?verbose')).toMatchObject({
    status: 200,
    body: {
      status: 'ok',
      contributors: [
        { name: 'database', status: 'ok' },
        { name: 'plugin:checking:queue', status: 'ok' },
        { name: 'plugin:checking', status: 'ok' },
      ],
    },
  });
});

it('shows a check that fails as degraded, without saying why, and stays ready and alive', async () => {
  const probe = await start({ health }, [checking]);
  await probe();
  wrong = new Error('password hunter2 refused');
  await probe();
  const { status, body, text } = await probe();
  expect(status).toBe(200);
  expect(body).toEqual({
    status: 'degraded',
    contributors: [
      { name: 'database', status: 'ok' },
      { name: 'plugin:checking:queue', status: 'failed' },
      { name: 'plugin:checking', status: 'ok' },
    ],
  });
  expect(text).not.toContain('hunter2');
  expect(await probe('liveness')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
});

it('is not ready without what is required', async () => {
  const probe = await start({ health: { ...health, required: ['plugin:checking:*'] } }, [checking]);
  expect((await probe()).status).toBe(200);
  wrong = new Error('full');
  await probe();
  expect(await probe()).toMatchObject({
    status: 503,
    body: { status: 'error', message: 'Not ready without plugin:checking:queue' },
  });
  // A restart would not help.
  expect((await probe('liveness')).status).toBe(200);
  wrong = undefined;
  await probe();
  expect((await probe()).status).toBe(200);
});

it('shows a plugin that failed, and one that is tried again', async () => {
  const startup = {
    plugins: { failing: { onPluginBootFailure: 'continue' }, checking: { onPluginBootFailure: 'retry' } },
    retry: { initialDelay: '1h' },
  };
  const retried = createPlugin('checking', {
    deps: { health: healthServiceRef },
    async init({ health: service }) {
      service.addCheck({ name: 'queue', check() {} });
      throw new Error('not yet');
    },
  });
  const probe = await start({ startup, health }, [failing, retried]);
  const { status, body, text } = await probe();
  expect(status).toBe(200);
  expect(body.status).toBe('degraded');
  expect(body.contributors).toEqual(
    expect.arrayContaining([
      { name: 'plugin:failing', status: 'failed' },
      { name: 'plugin:checking', status: 'degraded' },
    ]),
  );
  expect(text).not.toContain('hunter2');
});

it('shows a plugin as degraded while it is tried again, and as ok when it has come up', async () => {
  const startup = {
    plugins: { flaky: { onPluginBootFailure: 'retry' } },
    retry: { initialDelay: { milliseconds: 1 } },
  };
  let attempts = 0;
  const [secondBegun, up] = [signal(), signal()];
  const flaky = createPlugin('flaky', {
    async init() {
      if (++attempts === 1) throw new Error('not yet');
      secondBegun.fire();
      await up.fired;
    },
  });
  const probe = await start({ startup, health }, [flaky]);
  const until = async (state: string) => {
    for (;;) {
      const { status, body } = await probe('readiness?verbose');
      expect(status).toBe(200);
      const contributors = body.contributors as Array<{ name: string; status: string }>;
      if (contributors.find(({ name }) => name === 'plugin:flaky')!.status === state) return body.status;
    }
  };
  expect(await until('degraded')).toBe('degraded');
  await secondBegun.fired;
  expect(await until('degraded')).toBe('degraded');
  up.fire();
  expect(await until('ok')).toBe('ok');
});

it('goes on without a cache server, and says so', async () => {
  const cache = { store: 'redis', connection: 'redis://user:hunter2@127.0.0.1:1' };
  const probe = await start({ health, cache }, [withDatabase]);
  const { status, body, text } = await probe();
  expect(status).toBe(200);
  expect(body).toMatchObject({
    status: 'degraded',
    contributors: expect.arrayContaining([
      { name: 'cache', status: 'failed' },
      { name: 'database', status: 'ok' },
    ]),
  });
  expect(text).not.toContain('hunter2');
});

const server = process.env.GREENROOM_TEST_POSTGRES;
const title = server ? 'PostgreSQL' : 'PostgreSQL (skipped: GREENROOM_TEST_POSTGRES names no server)';

(server ? it : it.skip)(
  `notices that ${title} is away, and that it is back`,
  async () => {
    const prefix = `greenroom_test_${randomBytes(4).toString('hex')}_`;
    const proxy = await TcpProxy.start(server!);
    try {
      const database = { client: 'pg', connection: proxy.through(server!), prefix };
      const probe = await start({ health, database, events: { store: 'postgres' } }, [
        withDatabase,
        listening,
      ]);
      const statuses = async () => {
        const { body } = await probe('readiness?verbose');
        const contributors = body.contributors as Array<{ name: string; status: string }>;
        return ['database', 'events'].map(name => contributors.find(one => one.name === name)?.status);
      };
      const until = async (status: string) => {
        while ((await statuses()).some(one => one !== status)) await new Promise(setImmediate);
      };
      expect(await statuses()).toEqual(['ok', 'ok']);
      proxy.refuse();
      await until('failed');
      proxy.mode = 'pass';
      await until('ok');
    } finally {
      await Promise.all(running.splice(0).map(backend => backend.stop()));
      await proxy.stop();
      await dropDatabases(prefix);
    }
  },
  60_000,
);
