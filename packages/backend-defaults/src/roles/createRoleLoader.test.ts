// One list of features, several backends: which features each of them has, and what check() tells of that.
import type { BackendFeatureInput } from '@greenroom/backend-app-api';
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin, provide } from '@greenroom/testing';
import { ConfigReader } from '@backstage/config';
import { createBackend } from '../createBackend';
import { startBackend } from '../testing/startBackend';
import { createRoleLoader } from './createRoleLoader';

const imported: string[] = [];
const started: string[] = [];

afterEach(() => {
  delete process.env.GREENROOM_ROLE;
  imported.length = 0;
  started.length = 0;
});

function importOf(pluginId: string) {
  return async () => {
    imported.push(pluginId);
    const plugin = createPlugin(pluginId, { init: async () => void started.push(pluginId) });
    return { default: plugin };
  };
}

const shared = importOf('shared');
const loader = () =>
  createRoleLoader({
    catalog: [importOf('catalog'), shared],
    scaffolder: [importOf('scaffolder'), shared],
    search: [
      () =>
        import('./testing/searchPlugin').then(({ searchPlugin }) => ({ default: { default: searchPlugin } })),
    ],
  });

async function start(config: object = {}) {
  const backend = await startBackend({ config: { backend: config } as any, features: [loader()] });
  await backend.stop();
  return started.sort();
}

it('has every feature once where nothing is set', async () => {
  expect(await start()).toEqual(['catalog', 'scaffolder', 'shared']);
});

it('has the features of its roles, and does not import others', async () => {
  expect(await start({ roles: ['scaffolder'] })).toEqual(['scaffolder', 'shared']);
  expect(imported.sort()).toEqual(['scaffolder', 'shared']);
});

it('goes by the variable rather than by the configuration', async () => {
  process.env.GREENROOM_ROLE = ' catalog, search';
  expect(await start({ roles: ['scaffolder'] })).toEqual(['catalog', 'shared']);
});

it('does not start as what nobody knows', async () => {
  process.env.GREENROOM_ROLE = 'catalogue';
  await expect(start()).rejects.toThrow(
    "Role 'catalogue', set by GREENROOM_ROLE, is not one of this backend's roles, which are 'catalog', 'scaffolder', 'search'. Did you mean 'catalog'?",
  );
  expect(imported).toEqual([]);
  expect(await check()).toMatchObject([
    { severity: 'error', error: { code: 'GR_LOADER_FAILED', cause: { code: 'GR_ROLE_UNKNOWN' } } },
  ]);
  // The place of the call above, not one in this package.
  expect((await check())[0]!.error.message).toMatch(
    /\(feature loader created at '[^']*createRoleLoader\.test\.ts:\d+:\d+', added at /,
  );
});

it('tells once what is wrong with the configuration, though it is needed before anything else is', async () => {
  const broken = provide(coreServices.rootConfig, () => {
    throw new Error('unreadable');
  });
  const backend = createBackend({ services: [broken] });
  backend.add(loader());
  expect((await backend.check()).map(({ error }) => error.message)).toEqual([
    expect.stringContaining('unreadable'),
  ]);
  await expect(backend.start()).rejects.toMatchObject({ result: { problems: { length: 1 } } });
});

it('tells why each feature is in or out', async () => {
  expect((await check()).map(worded)).toEqual([
    "info GR_FEATURE_TAKEN Feature 1 of 'catalog' is taken: it belongs to role 'catalog', and no role is set, so this backend has all",
    "info GR_FEATURE_TAKEN Feature 2 of 'catalog' is taken: it belongs to roles 'catalog', 'scaffolder', and no role is set, so this backend has all",
    "info GR_FEATURE_TAKEN Feature 1 of 'scaffolder' is taken: it belongs to role 'scaffolder', and no role is set, so this backend has all",
    "info GR_FEATURE_TAKEN './testing/searchPlugin' is taken: it belongs to role 'search', and no role is set, so this backend has all",
  ]);
  expect((await check({ roles: ['scaffolder', 'catalog'] })).map(worded).at(-1)).toBe(
    "info GR_FEATURE_LEFT_OUT './testing/searchPlugin' is left out: it belongs to role 'search', and backend.roles sets roles 'scaffolder', 'catalog'",
  );
});

const worded = ({ severity, error }: Awaited<ReturnType<typeof check>>[number]) =>
  `${severity} ${error.code} ${error.message}`;

function check(backendConfig: object = {}, features: BackendFeatureInput[] = [loader()]) {
  const config = new ConfigReader({ backend: backendConfig } as any);
  const backend = createBackend({
    services: [provide(coreServices.rootConfig, () => config)],
  });
  for (const feature of features) backend.add(feature);
  return backend.check();
}
