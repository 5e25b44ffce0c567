// inspect(): the plan as data, for tools to draw.
import { createExtensionPoint, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import { backendFixture, plugin, pluginModule, provide } from './backendFixture';

const rootRef = createServiceRef<object>({ id: 'test.root', scope: 'root' });
const ownRef = createServiceRef<object>({ id: 'test.own' });
const colors = createExtensionPoint<object>({ id: 'paint.colors' });
const shades = createExtensionPoint<object>({ id: 'paint.shades' });

const backend = () =>
  backendFixture({
    defaultServiceFactories: [
      provide(rootRef, () => ({})),
      createServiceFactory({ service: ownRef, deps: { root: rootRef }, factory: () => ({}) }),
    ],
    features: [
      plugin('paint', { deps: { own: ownRef }, offers: [[colors, {}]] }),
      pluginModule('paint', 'shader', { deps: { colors }, offers: [[shades, {}]] }),
      pluginModule('paint', 'grey', { deps: { shades } }),
      pluginModule('gone', 'lost'),
    ],
  });

it('lists every link once, with both ends in words', async () => {
  const { edges } = await backend().inspect();
  expect(edges.map(({ from, kind, to }) => `${from} ${kind} ${to}`)).toEqual([
    "module 'grey' of plugin 'paint' uses extension point 'paint.shades'",
    "module 'shader' of plugin 'paint' uses extension point 'paint.colors'",
    "module 'shader' of plugin 'paint' provides extension point 'paint.shades'",
    "module 'shader' of plugin 'paint' waitsFor module 'grey' of plugin 'paint'",
    "plugin 'paint' provides extension point 'paint.colors'",
    "plugin 'paint' uses service 'test.own'",
    "service 'test.own' uses service 'test.root'",
  ]);
});

it('names modules that will be skipped, runs nothing, and survives JSON', async () => {
  const init = jest.fn();
  const inspected = backend();
  inspected.add(plugin('other', { init }));
  const plan = await inspected.inspect();
  expect(plan.skipped).toEqual([{ pluginId: 'gone', moduleId: 'lost' }]);
  expect(init).not.toHaveBeenCalled();
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

it('is the same in whatever order factories of one place are added, of a service that takes several', async () => {
  const manyRef = createServiceRef<object>({ id: 'test.many', multiton: true });
  const otherRef = createServiceRef<object>({ id: 'test.other' });
  const many = [{ ownRef }, {}, { otherRef }, { ownRef, otherRef }].map(deps =>
    createServiceFactory({ service: manyRef, deps: deps as {}, factory: () => ({}) }),
  );
  const plan = (features: typeof many) => {
    const defaultServiceFactories = [provide(ownRef, () => ({})), provide(otherRef, () => ({}))];
    return backendFixture({ defaultServiceFactories, features }).inspect();
  };
  expect(await plan([...many].reverse())).toEqual(await plan(many));
});
