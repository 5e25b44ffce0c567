// One program as two backends, started in either order, and without the one that the other needs.
import { freePort } from '@greenroom/testing';
import { cleanUpExamples, exampleConfig, runExample, writeConfig } from './testing/runExample';

jest.setTimeout(60_000);
afterEach(cleanUpExamples);

async function makeBackends(needsTimeout = '60s') {
  const port = await freePort();
  const files = await Promise.all([
    writeConfig(`backend: { listen: { host: 127.0.0.1, port: ${port} } }`),
    writeConfig(`
backend:
  listen: { host: 127.0.0.1, port: 0 }
  startup: { needs: [catalog], needsTimeout: ${needsTimeout} }
discovery:
  endpoints: [{ target: 'http://127.0.0.1:${port}/api/{{pluginId}}', plugins: [catalog] }]
`),
  ]);
  const [catalog, scaffolder] = files.map(file => ['--config', exampleConfig, '--config', file]);
  return {
    port,
    startCatalog: () => runExample(catalog!, undefined, { GREENROOM_ROLE: 'catalog' }),
    startScaffolder: () => runExample(scaffolder!, undefined, { GREENROOM_ROLE: 'scaffolder' }),
  };
}

it('waits for a backend that is started later, and says so', async () => {
  const { port, startCatalog, startScaffolder } = await makeBackends();
  const scaffolder = startScaffolder();
  await scaffolder.wrote(`Waiting for plugin 'catalog' at http://127.0.0.1:${port}/`);
  expect(scaffolder.stdout()).not.toContain('Listening');
  startCatalog();
  const url = await scaffolder.ready();
  expect(scaffolder.stdout()).toContain("Plugin 'catalog' is ready");
  expect(await pluginsOf(url)).toEqual({ catalog: 404, scaffolder: 200 });
});

it('starts at once where what it needs is there', async () => {
  const { startCatalog, startScaffolder } = await makeBackends();
  const catalogUrl = await startCatalog().ready();
  const scaffolder = startScaffolder();
  const url = await scaffolder.ready();
  expect(scaffolder.stdout()).not.toContain('Waiting for plugin');
  expect(await pluginsOf(catalogUrl)).toEqual({ catalog: 200, scaffolder: 404 });
  expect(await pluginsOf(url)).toEqual({ catalog: 404, scaffolder: 200 });
});

it('gives up at its deadline, and names what is missing', async () => {
  const { port, startScaffolder } = await makeBackends('1s');
  const { code, output } = await startScaffolder().exit;
  expect(code).toBe(1);
  expect(output).toContain(
    `This backend waited 1 s for other backends, and these are not ready: plugin 'catalog' at http://127.0.0.1:${port}/.backstage/health/v1/readiness (connect ECONNREFUSED 127.0.0.1:${port})`,
  );
});

it('names the roles there are where one is mistyped', async () => {
  const { code, output } = await runExample(['--config', exampleConfig], undefined, {
    GREENROOM_ROLE: 'scafolder',
  }).exit;
  expect(code).toBe(1);
  expect(output).toContain(
    "Role 'scafolder', set by GREENROOM_ROLE, is not one of this backend's roles, which are 'catalog', 'scaffolder'. Did you mean 'scaffolder'?",
  );
});

async function pluginsOf(url: string) {
  const statusOf = async (path: string) => (await fetch(`${url}/api/${path}`)).status;
  return {
    catalog: await statusOf('catalog/entities?limit=1'),
    scaffolder: await statusOf('scaffolder/v2/actions'),
  };
}
