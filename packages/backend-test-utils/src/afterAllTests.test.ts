// When test backends, databases and directories end: after the tests of every runner that has a hook for it.
import { coreServices, createBackendPlugin } from '@greenroom/backend-plugin-api';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type * as AtTop from './index';
import './index';

const ended: string[] = [];
const directories: string[] = [];

function ending(pluginId: string) {
  return createBackendPlugin({
    pluginId,
    register(reg) {
      reg.registerInit({
        deps: { lifecycle: coreServices.lifecycle },
        async init({ lifecycle }) {
          lifecycle.addShutdownHook(() => void ended.push(pluginId));
        },
      });
    },
  });
}

it('lets a copy of the package be loaded within a test of jest', async () => {
  jest.resetModules();
  const { createMockDirectory, startTestBackend, TestDatabases } = require('./index') as typeof AtTop;
  await startTestBackend({ features: [ending('loaded-late')] });
  directories.push(createMockDirectory().path);
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  const knex = await databases.init('SQLITE_3');
  expect(await knex.select(knex.raw('1 as one'))).toEqual([{ one: 1 }]);
});

// Behind the hook that importing has defined.
afterAll(() => {
  expect(ended).toEqual(['loaded-late']);
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
  ['node:test', { NODE_TEST_CONTEXT: 'child' }, '', "require('node:test').test('uses them', use);"],
  [
    'mocha',
    {},
    "const hooks = []; const runnable = { timeout: ms => console.log('limit', ms) }; globalThis.after = hook => hooks.push(hook);",
    'void use().then(async () => { for (const hook of hooks) await hook.call(runnable); });',
  ],
])(
  'ends everything after the tests of %s, so that the process ends',
  (_, env, begin, end) => {
    const { status, lines } = run(env, begin, end);
    expect(lines).toEqual(expect.arrayContaining(['backend down', 'database closed', 'directory removed']));
    expect(status).toBe(0);
  },
  60_000,
);
