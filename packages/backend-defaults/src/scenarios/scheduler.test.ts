// Tasks of a plugin in a whole backend: when they begin and end, and what their routes tell and do.
import type { JsonObject } from '@backstage/types';
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import type { SchedulerService } from '@greenroom/backend-plugin-api';
import { createPlugin } from '@greenroom/testing';
import { DefaultSchedulerService } from '../services/scheduler/DefaultSchedulerService';
import { tasksTable } from '../services/scheduler/tasksTable';
import { signal } from '../testing/signal';
import { startBackend, type StartedBackend } from '../testing/startBackend';

const started: StartedBackend[] = [];
const timeout = { minutes: 1 };

afterEach(async () => {
  await Promise.all(started.splice(0).map(backend => backend.stop()));
});

async function backendWith(schedule: (scheduler: SchedulerService) => Promise<void>, config = {}) {
  const hanging = signal();
  const plugin = createPlugin('worker', {
    deps: { scheduler: coreServices.scheduler, httpRouter: coreServices.httpRouter },
    async init({ scheduler, httpRouter }) {
      await schedule(scheduler);
      httpRouter.use((req, res) => {
        if (req.path === '/hang') hanging.fire();
        else res.json({ plugin: req.path });
      });
    },
  });
  const backend = await startBackend({
    config: { backend: { auth: { dangerouslyDisableDefaultAuthPolicy: true }, ...config } },
    features: [plugin],
  });
  started.push(backend);
  const call = async (path: string, method = 'GET', token?: string) => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${backend.url}/api/worker${path}`, { method, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { backend, call, hanging };
}

/** Schedules a task that ignores its signal. */
const scheduleDeaf = (begun: { fire(): void }) => (scheduler: SchedulerService) =>
  scheduler.scheduleTask({
    ...{ id: 'deaf', scope: 'local', frequency: { hours: 1 }, timeout },
    fn() {
      begun.fire();
      return new Promise<void>(() => {});
    },
  });

const base = '/.backstage/scheduler/v1/tasks';

it('begins tasks once their plugin is initialised, and ends them when it stops, with the database still open', async () => {
  const order: string[] = [];
  const begun = signal();
  const { backend } = await backendWith(async scheduler => {
    await scheduler.scheduleTask({
      id: 'long',
      frequency: { hours: 1 },
      timeout,
      fn: abort =>
        new Promise<void>(resolve => {
          order.push('begun');
          begun.fire();
          abort.addEventListener('abort', () => {
            order.push((abort.reason as { code: string }).code);
            resolve();
          });
        }),
    });
    await new Promise(setImmediate);
    order.push('initialised');
  });
  await begun.fired;
  await backend.stop();
  expect(order).toEqual(['initialised', 'begun', 'GR_TASK_STOPPED']);
  // Giving the lease back would have failed, and been logged, had the database been closed before.
  expect(backend.logger.entries.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
});

it.each([
  ['of a shutdown hook', 'shutdownHookTimeout'],
  ['of a whole shutdown', 'shutdownTimeout'],
])(
  'stops within the time %s, also where a task ignores its signal',
  async (_, key) => {
    const begun = signal();
    const { backend } = await backendWith(scheduleDeaf(begun), { lifecycle: { [key]: '4500ms' } });
    await begun.fired;
    expect(await backend.stop()).toMatchObject({ outcome: 'success' });
  },
  60_000,
);

it('stops within the time that a hanging request leaves, also where a task ignores its signal', async () => {
  const begun = signal();
  const { backend, hanging } = await backendWith(scheduleDeaf(begun), {
    lifecycle: { shutdownTimeout: '6s', drainTimeout: '3s' },
  });
  await begun.fired;
  const request = fetch(`${backend.url}/api/worker/hang`).catch(() => {});
  await hanging.fired;
  const { hooks } = (await backend.stop()) as { hooks: Array<{ owner: string; outcome: string }> };
  await request;
  const outcomes = hooks.flatMap(({ owner, outcome }) => (owner === 'worker' ? [outcome] : []));
  expect(new Set(outcomes)).toEqual(new Set(['done']));
}, 60_000);

it('lets every caller trigger tasks over HTTP who may call the plugin, and nobody else', async () => {
  const runs = signal(2);
  const caller = (subject: string, restriction?: JsonObject) => ({
    type: 'static',
    options: { token: `token-of-${subject}`, subject },
    ...(restriction && { accessRestrictions: [restriction] }),
  });
  const externalAccess = [
    caller('anything'),
    caller('reading', { plugin: 'worker', permissionAttribute: { action: 'read' } }),
    caller('elsewhere', { plugin: 'catalog' }),
  ];
  const { call } = await backendWith(
    scheduler =>
      scheduler.scheduleTask({
        ...{ id: 'asked', scope: 'local', frequency: { trigger: 'manual' }, timeout },
        fn: () => runs.fire(),
      }),
    { auth: { externalAccess } },
  );
  const statuses = [];
  for (const token of [undefined, 'token-of-elsewhere', 'token-of-anything', 'token-of-reading']) {
    statuses.push((await call(`${base}/asked/trigger`, 'POST', token)).status);
  }
  expect(statuses).toEqual([401, 403, 200, 200]);
  await runs.fired;
});

it('tells over HTTP what is scheduled and how it goes, triggers and cancels', async () => {
  let begun = signal();
  let ended = signal();
  const { call } = await backendWith(async scheduler => {
    await scheduler.scheduleTask({
      id: 'with space/slash',
      frequency: { trigger: 'manual' },
      timeout,
      initialDelay: { hours: 1 },
      fn: abort =>
        new Promise<void>((_resolve, reject) => {
          begun.fire();
          abort.addEventListener('abort', () => {
            ended.fire();
            reject(abort.reason);
          });
        }),
    });
    await scheduler.scheduleTask({
      id: 'nightly',
      scope: 'local',
      frequency: { cron: '0 3 * * *' },
      timeout,
      fn() {},
    });
  });
  const asked = {
    taskId: 'with space/slash',
    pluginId: 'worker',
    scope: 'global',
    settings: {
      version: 2,
      cadence: 'manual',
      timeoutAfterDuration: 'PT1M',
      initialDelayDuration: 'PT1H',
    },
  };
  expect(await call(base)).toEqual({
    status: 200,
    body: {
      tasks: [
        { ...asked, taskState: { status: 'idle' }, workerState: { status: 'initial-wait' } },
        {
          taskId: 'nightly',
          pluginId: 'worker',
          scope: 'local',
          settings: { version: 2, cadence: '0 3 * * *', timeoutAfterDuration: 'PT1M' },
          taskState: { status: 'idle', startsAt: expect.stringMatching(/^\d{4}-.*Z$/) },
          workerState: { status: 'idle' },
        },
      ],
    },
  });

  const path = `${base}/${encodeURIComponent('with space/slash')}`;
  for (let round = 0; round < 2; round++) {
    expect(await call(`${path}/cancel`, 'POST')).toMatchObject({
      status: 409,
      body: { error: { message: "The task 'with space/slash' is not running" } },
    });
    expect(await call(`${path}/trigger`, 'POST')).toEqual({ status: 200, body: {} });
    await begun.fired;
    const { body } = await call(base);
    const [running] = body.tasks as Array<{ taskState: { startedAt: string; timesOutAt: string } }>;
    expect(running).toMatchObject({ taskState: { status: 'running' }, workerState: { status: 'running' } });
    const { startedAt, timesOutAt } = running!.taskState;
    expect(Date.parse(timesOutAt) - Date.parse(startedAt)).toBe(60_000);
    expect(await call(`${path}/trigger`, 'POST')).toMatchObject({ status: 409 });
    [begun] = [signal()];
    expect(await call(`${path}/cancel`, 'POST')).toEqual({ status: 200, body: {} });
    await ended.fired;
    [ended] = [signal()];
    // The run is over for its own instance before the answer to this one, but its row may be a query behind.
    const idle = await untilIdle(call);
    expect(idle).toMatchObject({
      taskState: { status: 'idle', lastRunEndedAt: expect.any(String), lastRunError: expect.any(String) },
      workerState: { status: 'idle' },
    });
    expect(JSON.parse(idle.taskState.lastRunError!)).toMatchObject({
      name: 'TaskCancelledError',
      code: 'GR_TASK_CANCELLED',
    });
  }
});

async function untilIdle(call: (path: string) => Promise<{ body: Record<string, unknown> }>) {
  for (;;) {
    const [task] = (await call(base)).body.tasks as Array<{
      taskState: { lastRunError?: string };
      workerState: { status: string };
    }>;
    if (task!.workerState.status === 'idle') return task!;
  }
}

it('answers 404 for tasks that are not there, and leaves all other paths to the plugin', async () => {
  const { call } = await backendWith(async () => {});
  expect(await call(base)).toEqual({ status: 200, body: { tasks: [] } });
  expect(await call(`${base}/a/trigger`, 'POST')).toMatchObject({
    status: 404,
    body: { error: { name: 'NotFoundError', message: "There is no task 'a'" } },
  });
  expect(await call(`${base}/%E0%A4%A/cancel`, 'POST')).toMatchObject({ status: 404 });
  for (const [path, method] of [
    [`${base}/a/trigger`, 'GET'],
    [`${base}/a/pause`, 'POST'],
    [`${base}-of-mine`, 'GET'],
    ['/things', 'GET'],
  ] as const) {
    expect(await call(path, method)).toEqual({ status: 200, body: { plugin: path } });
  }
});

it('shows tasks to nobody without credentials, and lets nobody without them begin or end one', async () => {
  const fn = jest.fn();
  const { call } = await backendWith(
    scheduler => scheduler.scheduleTask({ id: 'a', frequency: { trigger: 'manual' }, timeout, fn }),
    { auth: {} },
  );
  for (const [path, method] of [
    [base, 'GET'],
    [`${base}/a/trigger`, 'POST'],
    [`${base}/a/cancel`, 'POST'],
  ] as const) {
    expect(await call(path, method)).toMatchObject({ status: 401 });
  }
  expect(fn).not.toHaveBeenCalled();
});

it.each<[object, number]>([
  [{}, 30_000],
  [{ scheduler: { leaseDuration: '90s' } }, 90_000],
  [{ scheduler: { leaseDuration: { minutes: 5 } } }, 300_000],
])('holds a run under a lease as the configuration says: %j', async (config, leaseMs) => {
  const seen = signal<unknown>();
  const plugin = createPlugin('worker', {
    deps: { scheduler: coreServices.scheduler, database: coreServices.database },
    async init({ scheduler, database }) {
      const knex = await database.getClient();
      const fn = async () => seen.fire(await knex(tasksTable).where('id', 'a').first());
      await scheduler.scheduleTask({ id: 'a', frequency: { hours: 1 }, timeout, fn });
    },
  });
  started.push(await startBackend({ config: { backend: config as never }, features: [plugin] }));
  const row = (await seen.fired) as { expires_at: number; started_at: number };
  expect(row.expires_at - row.started_at).toBe(leaseMs);
});

it('refuses a lease that is too short to be kept', async () => {
  await expect(
    backendWith(async () => {}, { scheduler: { leaseDuration: { milliseconds: 500 } } }),
  ).rejects.toThrow(
    'The configuration value backend.scheduler.leaseDuration must be at least one second, not 500 ms',
  );
});

it("can be provided by a factory of one's own, with another lifecycle", async () => {
  const begun = signal();
  const plugin = createPlugin('worker', {
    deps: { scheduler: coreServices.scheduler },
    init: ({ scheduler }) =>
      scheduler.scheduleTask({ id: 'a', frequency: { hours: 1 }, timeout, fn: () => begun.fire() }),
  });
  const factory = createServiceFactory({
    service: coreServices.scheduler,
    deps: {
      database: coreServices.database,
      httpRouter: coreServices.httpRouter,
      logger: coreServices.logger,
      pluginMetadata: coreServices.pluginMetadata,
      rootLifecycle: coreServices.rootLifecycle,
    },
    factory: deps => DefaultSchedulerService.create(deps),
  });
  const config = { backend: { auth: { dangerouslyDisableDefaultAuthPolicy: true } } };
  const backend = await startBackend({ config, services: [factory], features: [plugin] });
  started.push(backend);
  await begun.fired;
  const response = await fetch(`${backend.url}/api/worker${base}`);
  expect(await response.json()).toMatchObject({ tasks: [{ taskId: 'a', pluginId: 'worker' }] });
});
