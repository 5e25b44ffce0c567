// The order in which modules are initialised: before their plugin, providers of extension points after their consumers, all else in parallel.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';
import { backendFixture, deferred, entryOf, plugin, pluginModule, resultOf } from './backendFixture';

const listOf = (id: string) => createExtensionPoint<string[]>({ id });
const pointA = listOf('test.a');
const pointB = listOf('test.b');

describe('modules are initialised before their plugin', () => {
  it('whatever the order in which they are added', async () => {
    const order: string[] = [];
    const module = (id: string) => pluginModule('p', id, { init: () => void order.push(id) });
    const owner = plugin('p', { init: () => void order.push('plugin') });
    await backendFixture({ features: [module('before'), owner, module('after')] }).start();
    expect(order).toEqual(['before', 'after', 'plugin']);
  });

  it('and the plugin waits until the last of them is done', async () => {
    const order: string[] = [];
    const gate = deferred();
    const slow = pluginModule('p', 'slow', {
      init: async () => {
        await gate.promise;
        order.push('slow');
      },
    });
    const quick = pluginModule('p', 'quick', {
      init: () => {
        order.push('quick');
        gate.resolve();
      },
    });
    const owner = plugin('p', { init: () => void order.push('plugin') });
    await backendFixture({ features: [owner, slow, quick] }).start();
    expect(order).toEqual(['quick', 'slow', 'plugin']);
  });

  it('what modules add through an extension point is there when the plugin starts', async () => {
    const items: string[] = [];
    const owner = plugin('p', { offers: [[pointA, items]], init: () => void items.push('plugin') });
    const module = (id: string) =>
      pluginModule('p', id, { deps: { list: pointA }, init: ({ list }) => void list.push(id) });
    await backendFixture({ features: [module('one'), owner, module('two')] }).start();
    expect(items).toEqual(['one', 'two', 'plugin']);
  });
});

describe('a module that provides an extension point is initialised after all modules that consume it', () => {
  it.each(['provider first', 'provider last'])('%s', async which => {
    const order: string[] = [];
    const items: string[] = [];
    const provider = pluginModule('p', 'provider', {
      offers: [[pointA, items]],
      init: () => void order.push(`provider with ${items.join()}`),
    });
    const consumer = (id: string) =>
      pluginModule('p', id, {
        deps: { list: pointA },
        init: async ({ list }) => {
          await Promise.resolve();
          list.push(id);
          order.push(id);
        },
      });
    const consumers = [consumer('one'), consumer('two')];
    const modules = which === 'provider first' ? [provider, ...consumers] : [...consumers, provider];
    await backendFixture({
      features: [...modules, plugin('p', { init: () => void order.push('plugin') })],
    }).start();
    expect(order).toEqual(['one', 'two', 'provider with one,two', 'plugin']);
  });

  it('along a chain of modules', async () => {
    const order: string[] = [];
    const last = pluginModule('p', 'last', { offers: [[pointA, []]], init: () => void order.push('last') });
    const middle = pluginModule('p', 'middle', {
      offers: [[pointB, []]],
      deps: { list: pointA },
      init: () => void order.push('middle'),
    });
    const first = pluginModule('p', 'first', {
      deps: { list: pointB },
      init: () => void order.push('first'),
    });
    await backendFixture({ features: [last, middle, first, plugin('p')] }).start();
    expect(order).toEqual(['first', 'middle', 'last']);
  });

  it('a consumer that fails does not keep the provider from running', async () => {
    const provider = pluginModule('p', 'provider', { offers: [[pointA, []]] });
    const consumer = pluginModule('p', 'consumer', {
      deps: { list: pointA },
      init: () => {
        throw new Error('sold out');
      },
    });
    const result = await resultOf([provider, consumer, plugin('p')]);
    expect(entryOf(result, 'p', 'consumer').status).toBe('failed');
    expect(entryOf(result, 'p', 'provider').status).toBe('started');
  });
});

describe('independent modules run at the same time', () => {
  it('two modules can wait for each other', async () => {
    const ping = deferred();
    const pong = deferred();
    const one = pluginModule('p', 'one', {
      init: async () => {
        ping.resolve();
        await pong.promise;
      },
    });
    const two = pluginModule('p', 'two', {
      init: async () => {
        await ping.promise;
        pong.resolve();
      },
    });
    const { outcome } = await resultOf([one, two, plugin('p')]);
    expect(outcome).toBe('success');
  });

  it('a module does not wait for a chain of others that it has no part in', async () => {
    const gate = deferred();
    const provider = pluginModule('p', 'provider', { offers: [[pointA, []]] });
    const consumer = pluginModule('p', 'consumer', { deps: { list: pointA }, init: () => gate.promise });
    const bystander = pluginModule('p', 'bystander', { init: () => gate.resolve() });
    const { outcome } = await resultOf([provider, consumer, bystander, plugin('p')]);
    expect(outcome).toBe('success');
  });

  it('a provider starts as soon as its own consumers are done', async () => {
    const gate = deferred();
    const provider = pluginModule('p', 'provider', { offers: [[pointA, []]], init: () => gate.resolve() });
    const consumer = pluginModule('p', 'consumer', { deps: { list: pointA }, init: async () => {} });
    const slow = pluginModule('p', 'slow', { init: () => gate.promise });
    const { outcome } = await resultOf([slow, consumer, provider, plugin('p')]);
    expect(outcome).toBe('success');
  });
});

describe('plugins start at the same time', () => {
  it('two plugins can wait for each other, modules included', async () => {
    const ping = deferred();
    const pong = deferred();
    const ofA = pluginModule('a', 'm', {
      init: async () => {
        ping.resolve();
        await pong.promise;
      },
    });
    const b = plugin('b', {
      init: async () => {
        await ping.promise;
        pong.resolve();
      },
    });
    const { outcome } = await resultOf([plugin('a'), ofA, b]);
    expect(outcome).toBe('success');
  });
});
