// What works and what is said where tests are not run by jest, or by jest as ES modules: in a process without the global.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

function run(...lines: string[]): string {
  const program = [
    "const { createMockDirectory, mockServices, startTestBackend } = require('./src/index.ts');",
    "const { tracingServiceMock } = require('./src/alpha/index.ts');",
    'const tell = async work => console.log(await Promise.resolve().then(work).catch(error => error.message));',
    'void (async () => {',
    ...lines,
    '})();',
  ];
  const args = ['--conditions=greenroom-source', '--import', 'tsx', '--eval'];
  const { stdout, stderr } = spawnSync(process.execPath, [...args, program.join('\n')], {
    cwd: join(__dirname, '..'),
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'test' },
  });
  expect(stderr).toBe('');
  return stdout;
}

it('says what to do where mocks are asked for, of services and tracing', () => {
  const told = run(
    'await tell(() => mockServices.cache.mock());',
    'await tell(() => tracingServiceMock.mock());',
  );
  const lines = told.trim().split('\n');
  expect(lines).toHaveLength(2);
  for (const line of lines)
    expect(line).toMatch(/^Mocks are made by the global 'jest', which is missing\. In a/);
  const [instead] = /mockServices\.\w+\(\)/.exec(told)!;
  expect(run(`await tell(() => typeof ${instead});`)).toBe('object\n');
}, 60_000);

it('starts test backends, has folders for temporary files, and makes mocks with what stands in for jest', () => {
  const told = run(
    'const backend = await startTestBackend({ features: [] });',
    'await tell(async () => (await fetch(`http://127.0.0.1:${backend.server.port()}/x`)).status);',
    'await backend.stop();',
    "await tell(() => createMockDirectory({ mockOsTmpDir: true }).path === require('node:os').tmpdir());",
    'globalThis.jest = { fn: work => work ?? (() => {}), isMockFunction: () => false };',
    "await tell(() => mockServices.cache.mock({ get: async () => 'kept' }).get('x'));",
  );
  expect(told).toBe('404\ntrue\nkept\n');
}, 60_000);
