// A test backend whose start outlasts its test, as it does where the test runs into its timeout.
import { spawnSync } from 'node:child_process';

const program = `
  const afterTests = [];
  globalThis.afterAll = hook => afterTests.push(hook);
  const { createBackendPlugin } = require('@greenroom/backend-plugin-api');
  const { startTestBackend } = require('@greenroom/backend-test-utils');
  const endTests = () => afterTests.forEach(hook => hook());
  const plugin = createBackendPlugin({
    pluginId: 'endless',
    register: reg => reg.registerInit({ deps: {}, init: () => new Promise(() => setImmediate(endTests)) }),
  });
  startTestBackend({ features: [plugin] }).catch(error => console.log(error.message));
`;

it('is stopped after the tests, so that their process ends', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--conditions=greenroom-source', '--import', 'tsx', '--eval', program],
    { cwd: __dirname, encoding: 'utf8', env: { ...process.env, NODE_ENV: '' }, timeout: 15_000 },
  );
  expect(stdout).toContain("Plugin 'endless'");
  expect(status).toBe(0);
});
