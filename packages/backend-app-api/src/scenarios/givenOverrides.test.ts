// Scenarios of wiring rules 1, 2 and 4 for factories given when the backend is made.
import { coreServices, createServiceRef, createSharedEnvironment } from '@greenroom/backend-plugin-api';
import { backendFixture, failuresOf, plugin, provide, resultOf } from './backendFixture';

const metadata = provide(coreServices.pluginMetadata, () => ({ getId: () => 'forged' }));

describe('what the engine provides can not be replaced', () => {
  it.each([
    ['the services option', { services: [metadata] }],
    ['a shared environment', { env: createSharedEnvironment({ services: [metadata] }) }],
  ])('by %s: that is told, not ignored', async (_, options) => {
    expect(failuresOf(await resultOf([plugin('p')], options))).toEqual([
      ['GR_SERVICE_BUILT_IN', expect.stringContaining("'core.pluginMetadata'")],
    ]);
  });
});

it('functions in the services option are not called before the start', async () => {
  let calls = 0;
  const ref = createServiceRef<string>({ id: 'test.name', scope: 'root' });
  const backend = backendFixture({
    services: [
      () => {
        calls += 1;
        return provide(ref, () => '');
      },
    ],
  });
  expect(calls).toBe(0);
  await backend.start();
  expect(calls).toBe(1);
});

it('a multiton service has the factories given when the backend was made before those added later', async () => {
  const partsRef = createServiceRef<string>({ id: 'test.parts', scope: 'root', multiton: true });
  const part = (name: string) => provide(partsRef, () => name);
  let got: string[] = [];
  await backendFixture({
    env: createSharedEnvironment({ services: [part('environment')] }),
    services: [part('services')],
    defaultServiceFactories: [part('default')],
    features: [
      part('added'),
      plugin('p', { deps: { parts: partsRef }, init: ({ parts }) => void (got = parts) }),
    ],
  }).start();
  expect(got).toEqual(['default', 'environment', 'services', 'added']);
});

it('two root services that fail with the same value are two problems', async () => {
  const failing = (id: string) =>
    provide(createServiceRef<string>({ id, scope: 'root' }), () => {
      // eslint-disable-next-line no-throw-literal -- what is tested is a thrown value that is no error
      throw 'offline';
    });
  const result = await resultOf([failing('test.one'), failing('test.two')]);
  expect(failuresOf(result).map(([, message]) => message.match(/'test\.\w+'/)![0])).toEqual([
    "'test.one'",
    "'test.two'",
  ]);
});
