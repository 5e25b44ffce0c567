// A test backend that does not start where no test could say so: outside of tests, by a runner that jest knows nothing of.
import { spawnSync } from 'node:child_process';

const program = `
  const { createBackendPlugin } = require('@greenroom/backend-plugin-api');
  const { startTestBackend } = require('@greenroom/backend-test-utils');
  const plugin = createBackendPlugin({
    pluginId: 'unlucky',
    register: reg => reg.registerInit({ deps: {}, init: async () => { throw new Error('no luck'); } }),
  });
  startTestBackend({ features: [plugin] });
`;

it('is told of in the terminal', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--conditions=greenroom-source', '--import', 'tsx', '--eval', program],
    { cwd: __dirname, encoding: 'utf8', env: { ...process.env, NODE_ENV: '' } },
  );
  expect(stderr).toContain("Plugin 'unlucky' failed in its init: no luck");
  expect(status).toBe(1);
});
