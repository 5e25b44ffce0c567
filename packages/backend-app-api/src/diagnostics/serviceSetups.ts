// Wrong set-ups: services that don't fit together, and many faults at once.
import {
  coreServices,
  createExtensionPoint,
  createServiceFactory,
  createServiceRef,
  type ServiceFactory,
  type ServiceRef,
} from '@greenroom/backend-plugin-api';
import { plugin, pluginModule, provide } from '../scenarios/backendFixture';
import type { WrongSetup } from './WrongSetup';

const service = (id: string) => createServiceRef<object>({ id });
const rootService = (id: string) => createServiceRef<object>({ id, scope: 'root' });

/** A factory that only depends on something. */
function needing(
  provided: ServiceRef<object, 'plugin' | 'root'>,
  needed: ServiceRef<object, 'plugin' | 'root'>,
): ServiceFactory {
  return createServiceFactory({
    service: provided as ServiceRef<object, 'plugin', 'singleton'>,
    deps: { needed: needed as ServiceRef<object> },
    factory: () => ({}),
  });
}

const [a, b, c] = [service('test.a'), service('test.b'), service('test.c')];
const greeter = createServiceRef<object>({
  id: 'test.greeter',
  defaultFactory: async () => {
    throw new Error('no greeting');
  },
});

export const serviceSetups: WrongSetup[] = [
  {
    title: 'a service that nobody provides, of an id that is spelt otherwise',
    add: backend => {
      backend.add(provide(service('catalog.processing'), () => ({})));
      backend.add(plugin('catalog', { deps: { processing: service('catalog.procesing') } }));
    },
    told: [
      [
        'GR_SERVICE_MISSING',
        "Plugin 'catalog' needs service 'catalog.procesing', for which there is no factory (added at <here>). Did you mean 'catalog.processing'? Add a factory for 'catalog.procesing'.",
      ],
    ],
  },
  {
    title: 'a core service in a backend without the default ones',
    add: backend => backend.add(plugin('catalog', { deps: { database: coreServices.database } })),
    told: [
      [
        'GR_SERVICE_MISSING',
        "Plugin 'catalog' needs service 'core.database', for which there is no factory (added at <here>). Add a factory for 'core.database', which usually comes with createBackend() of '@greenroom/backend-defaults'.",
      ],
    ],
  },
  {
    title: 'a service that another package brings',
    add: backend => {
      backend.add(plugin('catalog'));
      backend.add(pluginModule('catalog', 'github', { deps: { events: service('events.service') } }));
    },
    told: [
      [
        'GR_SERVICE_MISSING',
        "Module 'github' of plugin 'catalog' needs service 'events.service', for which there is no factory (added at <here>). Add a factory for 'events.service', which usually comes with eventsServiceFactory of '@backstage/plugin-events-node'.",
      ],
    ],
  },
  {
    title: 'a service that only a service of a service needs',
    add: backend => {
      backend.add(needing(a, b));
      backend.add(needing(b, c));
      backend.add(plugin('catalog', { deps: { a } }));
    },
    told: [
      [
        'GR_SERVICE_MISSING',
        "Service 'test.b' needs service 'test.c', for which there is no factory (plugin 'catalog' -> service 'test.a' -> service 'test.b'; factory from <here>). Add a factory for 'test.c'.",
      ],
    ],
  },
  {
    title: 'a default factory that fails to load',
    add: backend => backend.add(plugin('catalog', { deps: { greeter } })),
    told: [
      [
        'GR_DEFAULT_FACTORY_FAILED',
        "The default factory of service 'test.greeter' could not be loaded: no greeting (added at <here>). Add a factory for 'test.greeter' to the backend, or fix the package that defines the reference. It was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'two factories for one service',
    add: backend => {
      backend.add(provide(a, () => ({})));
      backend.add(provide(a, () => ({})));
    },
    told: [
      [
        'GR_SERVICE_CONFLICT',
        "Service 'test.a' has two factories of equal rank: from <here> and from <here>. Remove one of them.",
      ],
    ],
  },
  {
    title: 'a factory for a service of the engine itself',
    add: backend => backend.add(provide(coreServices.pluginMetadata, () => ({ getId: () => 'me' }))),
    told: [
      [
        'GR_SERVICE_BUILT_IN',
        "Service 'core.pluginMetadata' is provided by the engine and can't be replaced by the factory added at <here>. Remove that factory.",
      ],
    ],
  },
  {
    title: 'a root service that needs a service of plugins',
    add: backend => {
      backend.add(provide(a, () => ({})));
      backend.add(needing(rootService('test.root'), a));
    },
    told: [
      [
        'GR_SERVICE_SCOPE',
        "Service 'test.root' can use root services only, but depends on 'test.a', which exists once for each plugin (the backend -> service 'test.root'; factory from <here>). Depend on a root service instead, or, if it is a service itself, make it plugin scoped.",
      ],
    ],
  },
  {
    title: 'services in a circle, that a plugin needs',
    options: { defaultServiceFactories: [needing(b, c)] },
    add: backend => {
      backend.add(needing(a, b));
      backend.add(needing(c, a));
      backend.add(plugin('catalog', { deps: { a } }));
    },
    told: [
      [
        'GR_SERVICE_CYCLE',
        "Services depend on each other in a circle: 'test.a' (from <here>) -> 'test.b' (from the default services) -> 'test.c' (from <here>) -> 'test.a' (plugin 'catalog' -> service 'test.a'). Break the circle: take the shared part into a service of its own.",
      ],
    ],
  },
  {
    title: 'services in a circle, that nobody needs',
    add: backend => {
      backend.add(needing(a, b));
      backend.add(needing(b, a));
    },
    told: [
      [
        'GR_SERVICE_CYCLE',
        "Services depend on each other in a circle: 'test.a' (from <here>) -> 'test.b' (from <here>) -> 'test.a'. Break the circle: take the shared part into a service of its own.",
      ],
    ],
  },
  {
    title: 'six faults at once',
    add: backend => {
      const point = createExtensionPoint<object>({ id: 'catalog.items' });
      backend.add({} as never);
      backend.add(needing(a, b));
      backend.add(needing(b, a));
      backend.add(plugin('catalog'));
      backend.add(plugin('catalog'));
      backend.add(plugin('search', { deps: { index: service('test.index') } }));
      backend.add(pluginModule('catalog', 'github', { deps: { point } }));
      backend.add(pluginModule('scaffolder', 'github'));
    },
    told: [
      [
        'GR_FEATURE_INVALID',
        'What was added at <here> is not a backend feature: it is an empty object. Pass what createBackendPlugin, createBackendModule, createServiceFactory or createBackendFeatureLoader returned, or import() of a package that exports it as default.',
      ],
      [
        'GR_SERVICE_CYCLE',
        "Services depend on each other in a circle: 'test.a' (from <here>) -> 'test.b' (from <here>) -> 'test.a'. Break the circle: take the shared part into a service of its own.",
      ],
      [
        'GR_PLUGIN_DUPLICATE',
        "Plugin 'catalog' was added twice: at <here> and at <here>. Remove one of them; an id can be installed once in a backend.",
      ],
      [
        'GR_EXTENSION_POINT_MISSING',
        "Module 'github' of plugin 'catalog' needs extension point 'catalog.items', which neither plugin 'catalog' nor any of its modules registers (added at <here>). Check the versions of both packages, or add the module that registers it.",
      ],
      [
        'GR_SERVICE_MISSING',
        "Plugin 'search' needs service 'test.index', for which there is no factory (added at <here>). Add a factory for 'test.index'.",
      ],
      [
        'GR_MODULE_WITHOUT_PLUGIN',
        "Module 'github' of plugin 'scaffolder', added at <here>, is skipped: plugin 'scaffolder' is not installed. Add plugin 'scaffolder' to this backend, or remove the module.",
      ],
    ],
  },
];
