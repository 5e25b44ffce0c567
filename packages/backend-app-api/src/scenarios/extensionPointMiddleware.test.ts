// Extension point middleware: it wraps what consumers of an extension point receive, in the order given.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';
import { createExtensionPointFactoryMiddleware } from '..';
import { backendFixture, entryOf, plugin, pluginModule, resultOf } from './backendFixture';

interface Items {
  add(item: string): void;
}
const point = createExtensionPoint<Items>({ id: 'test.items' });
const otherPoint = createExtensionPoint<Items>({ id: 'test.other' });

/** Marks every item that goes through it. */
const marking = (mark: string, extensionPoint = point) =>
  createExtensionPointFactoryMiddleware({
    extensionPoint,
    middleware: async original => ({ add: item => original.add(`${mark}(${item})`) }),
  });

const adding = (id: string, deps = { items: point }) =>
  pluginModule('p', id, { deps, init: ({ items }) => items.add(id) });

describe('extension point middleware', () => {
  it('is applied in the order given: the last one is what modules talk to', async () => {
    const items: string[] = [];
    const owner = plugin('p', { offers: [[point, { add: (item: string) => items.push(item) }]] });
    await backendFixture({
      features: [owner, adding('item')],
      extensionPointFactoryMiddleware: [marking('first'), marking('second')],
    }).start();
    expect(items).toEqual(['first(second(item))']);
  });

  it('leaves other extension points alone, and matches by id', async () => {
    const items: string[] = [];
    const sink = { add: (item: string) => items.push(item) };
    const owner = plugin('p', {
      offers: [
        [point, sink],
        [otherPoint, sink],
      ],
    });
    const samePoint = createExtensionPoint<Items>({ id: 'test.items' });
    await backendFixture({
      features: [owner, adding('one'), adding('two', { items: otherPoint })],
      extensionPointFactoryMiddleware: [marking('marked', samePoint)],
    }).start();
    expect(items.sort()).toEqual(['marked(one)', 'two']);
  });

  it('has the shape of that of the published engine, which can be used as well', async () => {
    const items: string[] = [];
    const middleware = async (original: Items): Promise<Items> => ({
      add: item => original.add(`theirs(${item})`),
    });
    const theirs = {
      $$type: '@backstage/ExtensionPointFactoryMiddleware',
      version: 'v1',
      extensionPointId: point.id,
      middleware,
    } as const;
    expect(createExtensionPointFactoryMiddleware({ extensionPoint: point, middleware })).toEqual(theirs);
    await backendFixture({
      features: [plugin('p', { offers: [[point, { add: items.push.bind(items) }]] }), adding('item')],
      extensionPointFactoryMiddleware: [theirs],
    }).start();
    expect(items).toEqual(['theirs(item)']);
  });

  it('wraps the implementation for each module, including those that modules register', async () => {
    const items: string[] = [];
    let wrapped = 0;
    const provider = pluginModule('p', 'provider', {
      offers: [[point, { add: (item: string) => items.push(item) }]],
    });
    const counting = createExtensionPointFactoryMiddleware({
      extensionPoint: point,
      middleware: async original => {
        const nr = (wrapped += 1);
        return { add: item => original.add(`${item} through ${nr}`) };
      },
    });
    await backendFixture({
      features: [plugin('p'), provider, adding('one'), adding('two')],
      extensionPointFactoryMiddleware: [counting],
    }).start();
    expect(items.sort()).toEqual(['one through 1', 'two through 2']);
  });

  it('that fails is a failure of the module that asked', async () => {
    const owner = plugin('p', { offers: [[point, { add: () => {} }]] });
    const failing = createExtensionPointFactoryMiddleware({
      extensionPoint: point,
      middleware: async () => Promise.reject(new Error('refused')),
    });
    const result = await resultOf([owner, adding('m'), pluginModule('p', 'bystander')], {
      extensionPointFactoryMiddleware: [failing],
    });
    expect(entryOf(result, 'p', 'm').failure!.error).toMatchObject({
      code: 'GR_EXTENSION_POINT_FAILED',
      message: expect.stringContaining('refused'),
    });
    expect(entryOf(result, 'p', 'bystander').status).toBe('started');
  });

  it('is not called, nor is the module that asked initialised, once the backend was stopped', async () => {
    const calls: string[] = [];
    let goOn!: () => void;
    const wait = new Promise<void>(resolve => (goOn = resolve));
    let begin!: () => void;
    const begun = new Promise<void>(resolve => (begin = resolve));
    const calling = (name: string, work: () => unknown) =>
      createExtensionPointFactoryMiddleware({
        extensionPoint: point,
        middleware: async original => {
          calls.push(name);
          await work();
          return original;
        },
      });
    const slow = calling('first', () => {
      begin();
      return wait;
    });
    const asking = pluginModule('p', 'm', { deps: { items: point }, init: () => void calls.push('init') });
    const backend = backendFixture({
      features: [plugin('p', { offers: [[point, { add: () => {} }]] }), asking],
      extensionPointFactoryMiddleware: [slow, calling('second', () => {})],
    });
    const started = backend.start().catch(() => {});
    await begun;
    const stopped = backend.stop();
    await started;
    goOn();
    await stopped;
    await new Promise(setImmediate);
    expect(calls).toEqual(['first']);
  });
});
