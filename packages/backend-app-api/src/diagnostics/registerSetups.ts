// Wrong set-ups: plugins and modules whose `register` does the wrong things.
import {
  createBackendModule,
  createBackendPlugin,
  createExtensionPoint,
  type BackendFeature,
} from '@greenroom/backend-plugin-api';
import { plugin } from '../scenarios/backendFixture';
import type { WrongSetup } from './WrongSetup';

const pointRef = createExtensionPoint<object>({ id: 'catalog.items' });

export const registerSetups: WrongSetup[] = [
  {
    title: 'a register callback that throws',
    add: backend =>
      backend.add(
        createBackendPlugin({
          pluginId: 'catalog',
          register() {
            throw new Error('no settings');
          },
        }),
      ),
    told: [
      [
        'GR_REGISTER_FAILED',
        "Plugin 'catalog', added at <here>, failed in its register callback: no settings. register may only declare extension points and one init; move work into init. It was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'a plugin without init',
    add: backend => backend.add(createBackendPlugin({ pluginId: 'catalog', register() {} })),
    told: [
      [
        'GR_REGISTER_FAILED',
        "Plugin 'catalog' does not call registerInit (added at <here>). Call reg.registerInit({ deps, init }) once in register.",
      ],
    ],
  },
  {
    title: 'a module with two inits',
    add: backend => {
      backend.add(plugin('catalog'));
      backend.add(
        createBackendModule({
          pluginId: 'catalog',
          moduleId: 'github',
          register(reg) {
            reg.registerInit({ deps: {}, async init() {} });
            reg.registerInit({ deps: {}, async init() {} });
          },
        }),
      );
    },
    told: [
      [
        'GR_REGISTER_FAILED',
        "Module 'github' of plugin 'catalog' calls registerInit twice (added at <here>). Do all of its work in one init.",
      ],
    ],
  },
  {
    title: 'an extension point that is registered too late',
    add: backend =>
      backend.add(
        createBackendPlugin({
          pluginId: 'catalog',
          register(reg) {
            reg.registerInit({ deps: {}, async init() {} });
            reg.registerExtensionPoint(pointRef, {});
          },
        }),
      ),
    told: [
      [
        'GR_REGISTER_FAILED',
        "Plugin 'catalog' registers extension point 'catalog.items' after it called registerInit (added at <here>). Call registerExtensionPoint before registerInit.",
      ],
    ],
  },
  {
    title: 'a dependency that is undefined, where two files import each other',
    add: backend => backend.add(plugin('catalog', { deps: { items: undefined as never } })),
    told: [
      [
        'GR_DEPENDENCY_INVALID',
        "Plugin 'catalog' has a dependency 'items' that is not a service or extension point reference: it is undefined (added at <here>). Give what createServiceRef or createExtensionPoint returned; undefined usually means a misspelt name, or two files that import each other.",
      ],
    ],
  },
  {
    title: 'a dependency that is no reference, in a feature that another package made',
    add: backend =>
      backend.add({
        $$type: '@backstage/BackendFeature',
        version: 'v1',
        featureType: 'registrations',
        getRegistrations: () => [
          {
            type: 'plugin-v1.1',
            pluginId: 'todo',
            extensionPoints: [],
            init: { deps: { items: 'catalog.items' }, async func() {} },
          },
        ],
      } as BackendFeature),
    told: [
      [
        'GR_DEPENDENCY_INVALID',
        "Plugin 'todo' has a dependency 'items' that is not a service or extension point reference: it is the string 'catalog.items' (added at <here>). Give what createServiceRef or createExtensionPoint returned; undefined usually means a misspelt name, or two files that import each other.",
      ],
    ],
  },
];
