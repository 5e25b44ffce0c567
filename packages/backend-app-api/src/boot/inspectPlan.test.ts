// Tests of the plan as data: complete, and sorted whatever the order in which features were added.
import { createExtensionPoint, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import { createSpecializedBackend } from '..';
import { plugin, pluginModule, provide } from '../scenarios/backendFixture';

const root = createServiceRef<string>({ id: 'test.root', scope: 'root' });
const lazy = createServiceRef<string>({ id: 'test.lazy', scope: 'root' });
const own = createServiceRef<string>({ id: 'test.own' });
const many = createServiceRef<string>({ id: 'test.many', multiton: true });
const [a, b] = ['a.point', 'b.point'].map(id => createExtensionPoint<object>({ id })) as [any, any];

const features = () => [
  createServiceFactory({ service: own, deps: { root, again: root, lazy }, factory: () => '' }),
  createServiceFactory({ service: lazy, initialization: 'lazy', deps: {}, factory: () => '' }),
  provide(root, () => ''),
  plugin('q', { deps: { own, root } }),
  plugin('p', {
    offers: [
      [b, {}],
      [a, {}],
    ],
  }),
  pluginModule('p', 'n', { deps: { b, a, own, root } }),
  pluginModule('p', 'm', { offers: [[createExtensionPoint({ id: 'm.point' }), {}]] }),
  pluginModule('p', 'user', { deps: { point: createExtensionPoint<object>({ id: 'm.point' }) } }),
  pluginModule('y', 'lost'),
  pluginModule('x', 'b'),
  pluginModule('x', 'a'),
];

async function inspected(order: typeof features) {
  const backend = createSpecializedBackend({
    defaultServiceFactories: [],
    services: [provide(many as never, () => ''), provide(many as never, () => '')],
  });
  order().forEach(feature => backend.add(feature));
  const { plugins, skipped, services } = await backend.inspect();
  return {
    plugins: plugins.map(one => ({
      ...one,
      source: typeof one.source,
      modules: one.modules.map(entry => ({ ...entry, source: typeof entry.source })),
    })),
    skipped,
    services: services.map(one => ({ ...one, source: one.origin === 'added' ? 'here' : one.source })),
  };
}

const moduleEntry = (moduleId: string, fields: object = {}) => ({
  moduleId,
  source: 'string',
  services: [],
  consumes: [],
  provides: [],
  waitsFor: [],
  ...fields,
});
const engine = (id: string, scope: string) => ({
  id,
  scope,
  origin: 'engine',
  source: 'the engine',
  initialization: 'lazy',
  dependsOn: [],
  consumedBy: [],
});
const added = { scope: 'root', origin: 'added', source: 'here', initialization: 'always', dependsOn: [] };
const fromOption = {
  id: 'test.many',
  scope: 'plugin',
  origin: 'services',
  source: 'the services option',
  initialization: 'lazy',
  dependsOn: [],
  consumedBy: [],
};

describe('inspect()', () => {
  it.each([
    ['as they come', features],
    ['the other way round', () => features().reverse()],
  ])('gives the whole plan, sorted, of features added %s', async (_, order) => {
    expect(await inspected(order)).toEqual({
      plugins: [
        {
          pluginId: 'p',
          source: 'string',
          services: [],
          provides: ['a.point', 'b.point'],
          modules: [
            moduleEntry('m', { provides: ['m.point'], waitsFor: ['user'] }),
            moduleEntry('n', { services: ['test.own', 'test.root'], consumes: ['a.point', 'b.point'] }),
            moduleEntry('user', { consumes: ['m.point'] }),
          ],
        },
        { pluginId: 'q', source: 'string', services: ['test.own', 'test.root'], provides: [], modules: [] },
      ],
      skipped: [
        { pluginId: 'x', moduleId: 'a' },
        { pluginId: 'x', moduleId: 'b' },
        { pluginId: 'y', moduleId: 'lost' },
      ],
      services: [
        engine('core.pluginMetadata', 'plugin'),
        engine('core.rootInstanceMetadata', 'root'),
        engine('greenroom.featureNotes', 'root'),
        engine('greenroom.pluginStatus', 'root'),
        { ...added, id: 'test.lazy', initialization: 'lazy', consumedBy: ["service 'test.own'"] },
        fromOption,
        fromOption,
        {
          ...added,
          id: 'test.own',
          scope: 'plugin',
          initialization: 'lazy',
          dependsOn: ['test.lazy', 'test.root'],
          consumedBy: ["module 'n' of plugin 'p'", "plugin 'q'"],
        },
        {
          ...added,
          id: 'test.root',
          consumedBy: ["module 'n' of plugin 'p'", "plugin 'q'", "service 'test.own'"],
        },
      ],
    });
  });
});
