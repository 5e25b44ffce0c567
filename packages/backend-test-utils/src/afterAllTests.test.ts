// When test backends, databases and directories end: after the tests of every runner that has a hook for it.
import { coreServices, createBackendPlugin } from '@greenroom/backend-plugin-api';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as AtTop from './index';
import './index';

const ended: string[] = [];
const directories: string[] = [];

/** Needs its database to stop, some time after the stop began. */
const storing = createBackendPlugin({
  pluginId: 'storing',
  register(reg) {
    reg.registerInit({
      deps: { database: coreServices.database, lifecycle: coreServices.lifecycle },
      async init({ database, lifecycle }) {
        const knex = await database.getClient();
        lifecycle.addShutdownHook(async () => {
          await sleep(100);
          ended.push(...(await knex.select(knex.raw(`'stored' as what`))).map(({ what }) => what));
        });
      },
    });
  },
});

it('lets a copy of the package be loaded within a test of jest', async () => {
  jest.resetModules();
  const { createMockDirectory, mockServices, startTestBackend, TestDatabases } =
    require('./index') as typeof AtTop;
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  const knex = await databases.init('SQLITE_3');
  await startTestBackend({ features: [storing, mockServices.database.factory({ knex })] });
  directories.push(createMockDirectory().path);
  expect(directories.map(path => existsSync(path))).toEqual([true]);
});

// Behind the hook that importing has defined.
afterAll(() => {
  expect(ended).toEqual(['stored']);
  expect(directories.map(path => existsSync(path))).toEqual([false]);
});

const program = `
  const { coreServices, createBackendPlugin } = require('@greenroom/backend-plugin-api');
  const { createMockDirectory, startTestBackend, TestDatabases } = require('@greenroom/backend-test-utils');
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  const deps = { lifecycle: coreServices.lifecycle, router: coreServices.httpRouter };
  const init = async ({ lifecycle }) => lifecycle.addShutdownHook(() => console.log('backend down'));
  const plugin = createBackendPlugin({ pluginId: 'p', register: reg => reg.registerInit({ deps, init }) });
  const use = async () => {
    await startTestBackend({ features: [plugin] });
    const knex = await databases.init('SQLITE_3');
    knex.client.pool.on('poolDestroySuccess', () => console.log('database closed'));
    const { path } = createMockDirectory();
    process.on('exit', () => console.log('directory ' + (require('node:fs').existsSync(path) ? 'left' : 'removed')));
  };
`;

function run(env: NodeJS.ProcessEnv, begin: string, end: string) {
  const args = ['--conditions=greenroom-source', '--import', 'tsx', '--eval', `${begin}${program}${end}`];
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: __dirname,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'test', ...env },
    timeout: 30_000,
  });
  return { status, lines: stdout.split('\n').map(line => line.replace(/^# /, '')) };
}

it.each([
  ['node:test', { NODE_TEST_CONTEXT: 'child' }, '', "require('node:test').test('uses them', use);", []],
  [
    'mocha',
    {},
    "const hooks = []; const runnable = { timeout: ms => console.log('limit', ms) }; globalThis.after = hook => hooks.push(hook);",
    'void use().then(async () => { for (const hook of hooks) await hook.call(runnable); });',
    ['limit 60000'],
  ],
])(
  'ends everything after the tests of %s, so that the process ends',
  (_, env, begin, end, more) => {
    const { status, lines } = run(env, begin, end);
    expect(lines).toEqual(
      expect.arrayContaining([...more, 'backend down', 'database closed', 'directory removed']),
    );
    expect(status).toBe(0);
  },
  60_000,
);

it('cleans up what is left where one clean-up of a copy fails', () => {
  const jestAt = `
    const hooks = [];
    let currentTestName;
    globalThis.expect = { getState: () => ({ currentTestName }) };
    globalThis.afterAll = hook => hooks.push(hook);`;
  const test = `
    currentTestName = 'any';
    const { afterAllTests } = require('./afterAllTests');
    afterAllTests(() => { throw new Error('first'); });
    afterAllTests(() => console.log('second'));
    const end = async hook => hook();
    void (async () => { for (const hook of hooks) await end(hook).catch(error => console.log('failed:', error.message)); })();`;
  expect(run({}, jestAt, test).lines).toEqual(expect.arrayContaining(['second', 'failed: first']));
}, 60_000);
