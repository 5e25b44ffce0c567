// Tests of a backend within its process: errors that nobody catches, an empty event loop, its metadata and its plan while it runs.
import {
  coreServices,
  createBackendFeatureLoader,
  createServiceFactory,
} from '@greenroom/backend-plugin-api';
import { EngineError } from './errors';
import { backendFixture, deferred, plugin, pluginModule, provide } from './scenarios/backendFixture';

const exitCode = process.exitCode;
afterEach(() => {
  process.exitCode = exitCode;
  jest.restoreAllMocks();
});
const emit = (event: string, value: unknown) => process.emit(event as 'exit', value as number);

/** A root logger that keeps the arguments of every error with the plugin it is for. */
function errorLog() {
  const errors: unknown[][] = [];
  const logger = (of?: string) => ({
    error: (...args: unknown[]) => void errors.push([of, ...args]),
    warn: () => {},
    info: () => {},
    debug: () => {},
    child: ({ plugin: id }: { plugin?: string }) => logger(id),
  });
  return { errors, factory: provide(coreServices.rootLogger, () => logger() as never) };
}

describe('an error that nobody caught', () => {
  beforeEach(() => jest.replaceProperty(process, 'env', { ...process.env, NODE_ENV: 'production' }));

  it('is logged for the plugin that it came from, if that is installed', async () => {
    const { errors, factory } = errorLog();
    await backendFixture({ features: [factory, plugin('p')] }).start();
    const of = (id: string) => new EngineError('GR_INIT_FAILED', { subject: `plugin '${id}'`, reason: 'x' });
    const [ours, foreign] = [of('p'), of('q')];
    emit('unhandledRejection', ours);
    emit('unhandledRejection', foreign);
    emit('uncaughtException', 'text');
    expect(errors).toEqual([
      ['p', 'Unhandled rejection', ours],
      [undefined, 'Unhandled rejection', foreign],
      [undefined, "Uncaught exception: the string 'text' was thrown"],
    ]);
  });

  it('is printed while there is no logger yet', async () => {
    const written: string[] = [];
    jest.spyOn(process.stderr, 'write').mockImplementation(text => written.push(String(text)) > 0);
    const gate = deferred<[]>();
    const backend = backendFixture({
      features: [createBackendFeatureLoader({ loader: () => gate.promise })],
    });
    const starting = backend.start();
    emit('unhandledRejection', 'early');
    gate.resolve([]);
    await starting;
    expect(written).toEqual(["Unhandled rejection: 'early'\n"]);
  });
});

describe('a process with nothing left to do', () => {
  it('fails the start that could never end, by what it waits for, and never ends with code 0', async () => {
    const backend = backendFixture({ features: [plugin('p', { init: () => new Promise<never>(() => {}) })] });
    const failure = backend.start().catch((error: unknown) => error);
    await new Promise(resolve => setImmediate(resolve));
    emit('beforeExit', 0);
    expect(process.exitCode).toBe(1);
    expect(await failure).toMatchObject({
      name: 'BackendStartupError',
      message: expect.stringContaining('waits for its init'),
    });
  });

  it('leaves a backend alone that has started', async () => {
    const backend = backendFixture({ features: [plugin('p')] });
    await backend.start();
    emit('beforeExit', 0);
    expect(process.exitCode).toBe(exitCode);
    expect(await backend.stop()).toMatchObject({ outcome: 'success' });
  });
});

describe('the plan of a backend that runs', () => {
  it('is what check() and inspect() read, with nothing made for them', async () => {
    let made = 0;
    const counted = createBackendFeatureLoader({
      loader: () => {
        made++;
        return [plugin('p'), pluginModule('absent', 'm')];
      },
    });
    const backend = backendFixture({ features: [counted] });
    await backend.start();
    expect(await backend.check()).toMatchObject([{ severity: 'warning', pluginId: 'absent', moduleId: 'm' }]);
    expect((await backend.inspect()).plugins.map(({ pluginId }) => pluginId)).toEqual(['p']);
    expect(made).toBe(1);
  });
});

it('what is installed is not known to a feature loader yet, and to a plugin whole', async () => {
  const { rootInstanceMetadata } = coreServices;
  const seen: unknown[] = [];
  const loader = createBackendFeatureLoader({
    deps: { metadata: rootInstanceMetadata },
    loader: async ({ metadata }) => {
      seen.push(await metadata.getInstalledPlugins());
      return [];
    },
  });
  const asking = plugin('p', {
    deps: { metadata: rootInstanceMetadata },
    init: async ({ metadata }) => void seen.push(await metadata.getInstalledPlugins()),
  });
  await backendFixture({ features: [loader, asking, pluginModule('p', 'm')] }).start();
  expect(seen).toEqual([[], [{ pluginId: 'p', modules: [{ moduleId: 'm' }] }]]);
});

it('has an id that stays, its own unless one is given', async () => {
  const idsOf = async (instanceId?: string) => {
    const ids: string[] = [];
    const ask = { metadata: coreServices.rootInstanceMetadata };
    const loader = createBackendFeatureLoader({
      deps: ask,
      loader: ({ metadata }) => {
        ids.push(metadata.getId());
        return [];
      },
    });
    const asking = plugin('p', { deps: ask, init: ({ metadata }) => void ids.push(metadata.getId()) });
    const backend = backendFixture({ features: [loader, asking], ...(instanceId && { instanceId }) });
    await backend.check();
    await backend.start();
    return ids;
  };
  expect(await idsOf('east-1')).toEqual(['east-1', 'east-1', 'east-1']);
  const [one, ...same] = await idsOf();
  expect(one).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  expect(same).toEqual([one, one]);
  expect(await idsOf()).not.toContain(one);
});

it('services of the engine can be depended on by services', async () => {
  const seen: string[] = [];
  const named = createServiceFactory({
    service: coreServices.lifecycle,
    deps: { metadata: coreServices.pluginMetadata },
    initialization: 'always',
    factory: ({ metadata }) => void seen.push(metadata.getId()) as never,
  });
  await backendFixture({ features: [named, plugin('a'), plugin('b')] }).start();
  expect(seen).toEqual(['a', 'b']);
});
