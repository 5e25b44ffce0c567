// Thenables that are not promises: awaited like promises wherever something may be asynchronous.
import {
  createBackendPlugin,
  createExtensionPoint,
  createServiceFactory,
  createServiceRef,
} from '@greenroom/backend-plugin-api';
import { createExtensionPointFactoryMiddleware } from '..';
import { failuresOf, plugin, pluginModule, provide, resultOf } from './backendFixture';

const ref = createServiceRef<string>({ id: 'test.value' });
const rootRef = createServiceRef<string>({ id: 'test.root', scope: 'root' });
const point = createExtensionPoint<string>({ id: 'p.point' });

/** As query builders are: its `then` gives nothing back, and not all of it has `catch`. */
function thenable<T>(value: T, fails = false): Promise<T> {
  const then = (resolve?: (value: T) => void, reject?: (reason: unknown) => void) => {
    queueMicrotask(() => (fails ? reject?.(new Error('refused')) : resolve?.(value)));
  };
  // oxlint-disable-next-line unicorn/no-thenable -- what this is about
  return { then } as Promise<T>;
}

async function received(features: Parameters<typeof resultOf>[0], deps = { ref }) {
  const got: unknown[] = [];
  const reader = plugin('reader', { deps, init: values => void got.push(...Object.values(values)) });
  expect(failuresOf(await resultOf([...features, reader]))).toEqual([]);
  return got;
}

it('a factory may return one, of a plugin service and of a root service', async () => {
  await expect(received([provide(ref, () => thenable('a'))])).resolves.toEqual(['a']);
  const root = provide(rootRef, () => thenable('b'));
  await expect(received([root], { ref: rootRef as never })).resolves.toEqual(['b']);
});

it('createRootContext may', async () => {
  const createRootContext = () => thenable('context');
  const factory = (_: object, context: string) => context;
  const withContext = createServiceFactory({ service: ref, deps: {}, createRootContext, factory });
  await expect(received([withContext])).resolves.toEqual(['context']);
});

it('an init may, of a plugin and of modules', async () => {
  const done: string[] = [];
  const init = (name: string) => () => {
    done.push(name);
    return thenable(undefined);
  };
  const features = [
    pluginModule('p', 'm', { init: init('m') }),
    pluginModule('p', 'n', { init: init('n') }),
    plugin('p', { init: init('p') }),
  ];
  expect(failuresOf(await resultOf(features))).toEqual([]);
  expect(done).toEqual(['m', 'n', 'p']);
});

it('the factory of an extension point and a middleware may', async () => {
  const got: string[] = [];
  const owner = createBackendPlugin({
    pluginId: 'p',
    register(reg) {
      reg.registerExtensionPoint({ extensionPoint: point, factory: () => thenable('made') as never });
      reg.registerInit({ deps: {}, init: async () => {} });
    },
  });
  const module = pluginModule('p', 'm', { deps: { point }, init: deps => void got.push(deps.point) });
  const middleware = (original: string) => thenable(`${original}, wrapped`);
  const extensionPointFactoryMiddleware = [
    createExtensionPointFactoryMiddleware({ extensionPoint: point, middleware }),
    createExtensionPointFactoryMiddleware({ extensionPoint: point, middleware }),
  ];
  const result = await resultOf([owner, module], { extensionPointFactoryMiddleware });
  expect(failuresOf(result)).toEqual([]);
  expect(got).toEqual(['made, wrapped, wrapped']);
});

it('one that fails is a failure like any other', async () => {
  const features = [
    provide(ref, () => thenable('', true)),
    plugin('p', { init: () => thenable(undefined, true) }),
    plugin('q', { deps: { ref } }),
  ];
  expect(failuresOf(await resultOf(features))).toEqual([
    ['GR_INIT_FAILED', expect.stringContaining("Plugin 'p' failed in its init: refused")],
    ['GR_SERVICE_FAILED', expect.stringContaining("Plugin 'q' could not get service 'test.value': refused")],
  ]);
});
