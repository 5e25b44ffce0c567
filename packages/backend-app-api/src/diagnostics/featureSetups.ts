// Wrong set-ups: features that are invalid, can't be loaded, or were added twice.
import {
  coreServices,
  createBackendFeatureLoader,
  createServiceRef,
  type BackendFeature,
} from '@greenroom/backend-plugin-api';
import { plugin, pluginModule, provide } from '../scenarios/backendFixture';
import { fail, failures, type WrongSetup } from './WrongSetup';

const foreign = (fields: object) =>
  ({ $$type: '@backstage/BackendFeature', version: 'v1', ...fields }) as unknown as BackendFeature;
const flagRef = createServiceRef<boolean>({ id: 'test.flag', scope: 'root' });

export const featureSetups: WrongSetup[] = [
  {
    title: 'a string instead of a feature',
    add: backend => backend.add('catalog' as never),
    told: [
      [
        'GR_FEATURE_INVALID',
        "What was added at <here> is not a backend feature: it is the string 'catalog'. Pass what createBackendPlugin, createBackendModule, createServiceFactory or createBackendFeatureLoader returned, or import() of a package that exports it as default.",
      ],
    ],
  },
  {
    title: 'a package that exports no feature',
    add: backend => backend.add(Promise.resolve({ catalogPlugin: plugin('catalog') }) as never),
    told: [
      [
        'GR_FEATURE_INVALID',
        'What was added at <here> is not a backend feature: it is an object with catalogPlugin. Pass what createBackendPlugin, createBackendModule, createServiceFactory or createBackendFeatureLoader returned, or import() of a package that exports it as default.',
      ],
    ],
  },
  {
    title: 'a package whose default export is no feature',
    add: backend => backend.add(Promise.resolve({ default: function createShelf() {}, shelf: 1 }) as never),
    told: [
      [
        'GR_FEATURE_INVALID',
        "What was added at <here> is not a backend feature: it is a module whose default export is the function 'createShelf'. Pass what createBackendPlugin, createBackendModule, createServiceFactory or createBackendFeatureLoader returned, or import() of a package that exports it as default.",
      ],
    ],
  },
  {
    title: 'a feature of another version of the contract',
    add: backend => backend.add(foreign({ version: 'v2', featureType: 'registrations' })),
    told: [
      [
        'GR_FEATURE_UNSUPPORTED',
        "The feature added at <here> has the marker of a backend feature but not its shape: it claims version 'v2'. Use a release of its package for version 'v1' of the feature contract.",
      ],
    ],
  },
  {
    title: 'a package that fails to load',
    add: backend => backend.add(import('./brokenPackage') as never),
    told: [
      [
        'GR_FEATURE_IMPORT_FAILED',
        'The feature added at <here> could not be imported: The token is not set. Install the package if it is missing; otherwise see to it that its entry point loads on its own. It was thrown at packages/backend-app-api/src/diagnostics/brokenPackage.ts.',
      ],
    ],
  },
  {
    title: 'a package that is not there, asked for through the loader of a tool',
    add: backend => {
      const error = Object.assign(new Error("Cannot find package 'catalog' imported from index.ts"), {
        code: 'ERR_MODULE_NOT_FOUND',
      });
      error.stack = `Error: ${error.message}\n    at resolve (file:///app/node_modules/tool/loader.mjs:2:3)`;
      backend.add(Promise.reject(error));
    },
    told: [
      [
        'GR_FEATURE_IMPORT_FAILED',
        "The feature added at <here> could not be imported: Cannot find package 'catalog' imported from index.ts. Install the package if it is missing; otherwise see to it that its entry point loads on its own.",
      ],
    ],
  },
  {
    title: 'a feature loader that throws',
    add: backend =>
      backend.add(
        createBackendFeatureLoader({
          loader: () => {
            throw new Error('no such directory');
          },
        }),
      ),
    told: [
      [
        'GR_LOADER_FAILED',
        "The feature loader created at '<here>', added at <here>, failed: no such directory. None of its features were installed: fix the loader, or leave it out. It was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'a feature loader that forgets to return a list',
    add: backend => backend.add(createBackendFeatureLoader({ loader: () => undefined as never })),
    told: [
      [
        'GR_LOADER_FAILED',
        "The feature loader created at '<here>' returned undefined instead of a list of features (added at <here>). Return an array, or write the loader as a generator that yields features.",
      ],
    ],
  },
  {
    title: 'a feature loader that needs a service of plugins',
    options: { defaultServiceFactories: [provide(coreServices.logger, () => undefined as never)] },
    add: backend =>
      backend.add(
        createBackendFeatureLoader({
          deps: { logger: coreServices.logger as never as typeof coreServices.rootLogger },
          loader: () => [],
        }),
      ),
    told: [
      [
        'GR_LOADER_FAILED',
        "The feature loader created at '<here>' can use root services only, but depends on 'core.logger', which exists once for each plugin (added at <here>). Depend on a root service instead, or, if it is a service itself, make it plugin scoped.",
      ],
    ],
  },
  {
    title: 'a feature loader whose service fails',
    options: { defaultServiceFactories: [provide(flagRef, fail(new Error('no flags')))] },
    add: backend => backend.add(createBackendFeatureLoader({ deps: { flag: flagRef }, loader: () => [] })),
    told: [
      [
        'GR_LOADER_FAILED',
        "The feature loader created at '<here>' could not get service 'test.flag': no flags (the feature loader created at '<here>' -> service 'test.flag'; added at <here>). It was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'a feature loader that replaces a service after it has used it',
    options: { defaultServiceFactories: [provide(flagRef, () => true)] },
    add: backend =>
      backend.add(
        createBackendFeatureLoader({
          deps: { flag: flagRef },
          loader: () => [provide(flagRef, () => false)],
        }),
      ),
    told: [
      [
        'GR_SERVICE_ALREADY_CREATED',
        "Service 'test.flag' can't be replaced by the factory from <here>, through the feature loader created at '<here>': a feature loader has already used another one. Add the factory to the backend itself instead of returning it from a loader.",
      ],
    ],
  },
  {
    title: 'one plugin added twice',
    add: backend => {
      backend.add(plugin('catalog'));
      backend.add(plugin('catalog'));
    },
    told: [
      [
        'GR_PLUGIN_DUPLICATE',
        "Plugin 'catalog' was added twice: at <here> and at <here>. Remove one of them; an id can be installed once in a backend.",
      ],
    ],
  },
  {
    title: 'one module added twice',
    add: backend => {
      backend.add(plugin('catalog'));
      backend.add(pluginModule('catalog', 'github'));
      backend.add(pluginModule('catalog', 'github'));
    },
    told: [
      [
        'GR_MODULE_DUPLICATE',
        "Module 'github' of plugin 'catalog' was added twice: at <here> and at <here>. Remove one of them, or give one another moduleId.",
      ],
    ],
  },
  {
    title: 'a module whose plugin is spelt otherwise',
    add: backend => {
      backend.add(plugin('catalog'));
      backend.add(pluginModule('catalgo', 'github'));
    },
    told: [
      [
        'GR_MODULE_WITHOUT_PLUGIN',
        "Module 'github' of plugin 'catalgo', added at <here>, is skipped: plugin 'catalgo' is not installed. Did you mean 'catalog'? Add plugin 'catalgo' to this backend, or remove the module.",
      ],
    ],
  },
  {
    title: 'a module that names a package instead of a plugin',
    add: backend => {
      backend.add(plugin('catalog'));
      backend.add(pluginModule('catalog-backend', 'github'));
    },
    told: [
      [
        'GR_MODULE_WITHOUT_PLUGIN',
        "Module 'github' of plugin 'catalog-backend', added at <here>, is skipped: plugin 'catalog-backend' is not installed. Did you mean 'catalog'? Add plugin 'catalog-backend' to this backend, or remove the module.",
      ],
    ],
  },
  {
    title: 'a feature that is added when the backend runs',
    async run(backend) {
      await backend.start();
      try {
        backend.add(plugin('late'));
      } catch (error) {
        return [error];
      }
      return [];
    },
    told: [
      [
        'GR_BACKEND_NOT_IDLE',
        'Too late for add() at <here>: the backend is started. Add all features before start(), and call start() once; make a new backend to start again.',
      ],
    ],
  },
  {
    title: 'a wrong word in the boot failure policy',
    options: { config: { backend: { startup: { default: { onPluginBootFailure: 'ignore' } } } } },
    run: failures,
    told: [
      [
        'GR_STARTUP_CONFIG_INVALID',
        "The configuration 'backend.startup.default.onPluginBootFailure' is the string 'ignore'. Set it to 'abort', 'continue' or 'retry'.",
      ],
    ],
  },
];
