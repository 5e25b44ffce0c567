// What the configuration of tasks may be.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readScaffolderSettings } from './readScaffolderSettings';

const read = (scaffolder?: JsonObject) =>
  readScaffolderSettings(new ConfigReader({ ...(scaffolder && { scaffolder }) }));

it('has defaults', () => {
  const settings = {
    concurrency: 10,
    staleMs: 30_000,
    recover: true,
    maxWorkspaceBytes: 20_000_000,
    keepLeftoversMs: 86_400_000,
    taskTimeoutMs: 86_400_000,
    shutdownMs: 10_000,
    secretKeys: [],
    environment: { parameters: {}, secrets: {} },
  };
  expect(read()).toMatchObject(settings);
  expect(read({})).toMatchObject(settings);
});

it('reads durations as milliseconds, texts and objects, and counts from zero', () => {
  expect(
    read({
      concurrentTasksLimit: 0,
      taskRecovery: { enabled: false, staleTimeout: '1s', keepFor: '0', maxWorkspaceSize: 0 },
      taskTimeout: { hours: 1 },
      shutdownTimeout: 1500,
    }),
  ).toMatchObject({
    concurrency: 0,
    recover: false,
    staleMs: 1_000,
    keepLeftoversMs: 0,
    maxWorkspaceBytes: 0,
    taskTimeoutMs: 3_600_000,
    shutdownMs: 1_500,
  });
});

it('waits as long as a timer can where it is to wait longer', () => {
  const longest = 2 ** 31 - 60_000;
  expect(
    read({
      taskTimeout: { days: 60 },
      shutdownTimeout: { years: 1 },
      taskRecovery: { staleTimeout: 'P30D' },
    }),
  ).toMatchObject({ taskTimeoutMs: longest, shutdownMs: longest, staleMs: longest });
});

it.each<[JsonObject, string]>([
  [
    { taskRecovery: { staleTimeout: 999 } },
    'scaffolder.taskRecovery.staleTimeout must be at least one second',
  ],
  [{ taskRecovery: { keepFor: -1 } }, 'scaffolder.taskRecovery.keepFor must not be negative'],
  [{ taskTimeout: { hours: -1 } }, 'scaffolder.taskTimeout must not be negative'],
  [{ taskTimeout: 'soon' }, 'taskTimeout'],
  [{ shutdownTimeout: -5 }, 'scaffolder.shutdownTimeout must not be negative'],
  [{ concurrentTasksLimit: -1 }, 'scaffolder.concurrentTasksLimit must be a whole number'],
  [{ concurrentTasksLimit: 1.5 }, 'scaffolder.concurrentTasksLimit must be a whole number'],
  [
    { taskRecovery: { maxWorkspaceSize: -1 } },
    'scaffolder.taskRecovery.maxWorkspaceSize must be a whole number',
  ],
])('refuses %j', (scaffolder, problem) => {
  expect(() => read(scaffolder)).toThrow(problem);
});
