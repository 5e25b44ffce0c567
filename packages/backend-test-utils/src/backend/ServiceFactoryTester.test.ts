// Service factories on their own, by the instances that they make.
import {
  coreServices,
  createServiceFactory,
  createServiceRef,
  type ServiceRef,
} from '@greenroom/backend-plugin-api';
import { provide } from '@greenroom/testing';
import { mockServices } from '../services/mockServices';
import { ServiceFactoryTester } from './ServiceFactoryTester';

const clockRef = createServiceRef<{ now: number }>({ id: 'test.clock', scope: 'root' });
const greeterRef = createServiceRef<{ greeting: string; clock: { now: number } }>({ id: 'test.greeter' });

const contexts = jest.fn();
const clockFactory = provide(clockRef, () => ({ now: 1 }));
const greeterFactory = createServiceFactory({
  service: greeterRef,
  deps: { clock: clockRef, plugin: coreServices.pluginMetadata },
  createRootContext: ({ clock }) => contexts(clock),
  factory: ({ clock, plugin }) => ({ greeting: `Hello, ${plugin.getId()}`, clock }),
});

beforeEach(() => contexts.mockClear());

it('makes one instance for each plugin, and root services once', async () => {
  const tester = ServiceFactoryTester.from(greeterFactory, { dependencies: [clockFactory] });

  const first = await tester.getSubject('a');
  const second = await tester.getSubject('b');

  expect([first.greeting, second.greeting]).toEqual(['Hello, a', 'Hello, b']);
  expect(await tester.getSubject('a')).toBe(first);
  expect(second.clock).toBe(first.clock);
  expect(contexts).toHaveBeenCalledTimes(1);
});

it('asks for the plugin test where none is named', async () => {
  const tester = ServiceFactoryTester.from(greeterFactory, { dependencies: [clockFactory] });
  expect((await tester.getSubject()).greeting).toBe('Hello, test');
});

it('has the services of a test backend', async () => {
  const rootConfig = mockServices.rootConfig.factory({ data: { name: 'Ada' } });
  const nameRef = createServiceRef<string>({ id: 'test.name', scope: 'root' });
  const tester = ServiceFactoryTester.from(
    createServiceFactory({
      service: nameRef,
      deps: { config: coreServices.rootConfig },
      factory: ({ config }) => config.getString('name'),
    }),
    { dependencies: [rootConfig] },
  );

  expect(await tester.getSubject()).toBe('Ada');
  const database = await tester.getService(coreServices.database, 'a');
  expect(await (await database.getClient()).raw('select 1 as one')).toEqual([{ one: 1 }]);
});

it('has the plugins that a test gives', async () => {
  const installedRef = createServiceRef<readonly unknown[]>({ id: 'test.installed', scope: 'root' });
  const factory = createServiceFactory({
    service: installedRef,
    deps: { instance: coreServices.rootInstanceMetadata },
    factory: ({ instance }) => instance.getInstalledPlugins(),
  });
  const catalog = { pluginId: 'catalog', modules: [] };
  const instance = mockServices.rootInstanceMetadata.mock({ getInstalledPlugins: async () => [catalog] });
  const tester = ServiceFactoryTester.from(factory, { dependencies: [instance.factory] });
  expect(await tester.getSubject()).toEqual([catalog]);
  expect(await ServiceFactoryTester.from(factory).getSubject()).toEqual([]);
});

it('gives a list for a service of many factories', async () => {
  const ref = createServiceRef<string>({ id: 'test.word', multiton: true });
  const word = (text: string) => provide(ref, () => text);
  const tester = ServiceFactoryTester.from(word('two'), { dependencies: [word('one')] });
  expect(await tester.getSubject()).toEqual(['one', 'two']);
});

it('uses the default factories of references', async () => {
  const ref = createServiceRef<string>({
    id: 'test.default',
    defaultFactory: async service => provide(service as ServiceRef<string, 'plugin'>, () => 'given'),
  });
  const tester = ServiceFactoryTester.from(clockFactory);
  expect(await tester.getService(ref)).toBe('given');
});

it('tells what is missing, or failed, and by which path', async () => {
  await expect(ServiceFactoryTester.from(greeterFactory).getSubject('a')).rejects.toMatchObject({
    code: 'GR_SERVICE_MISSING',
    path: ["plugin 'a'", "service 'test.greeter'"],
  });
  const broken = provide(clockRef, () => {
    throw new Error('it has stopped');
  });
  const tester = ServiceFactoryTester.from(greeterFactory, { dependencies: [broken] });
  await expect(tester.getSubject('a')).rejects.toMatchObject({
    code: 'GR_SERVICE_FAILED',
    message: expect.stringContaining('it has stopped'),
  });
});
