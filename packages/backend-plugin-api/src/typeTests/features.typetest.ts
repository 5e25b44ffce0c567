// Type tests: what the compiler must accept and refuse about plugins, modules, loaders and environments.
import {
  coreServices,
  createBackendFeatureLoader,
  createBackendModule,
  createBackendPlugin,
  createExtensionPoint,
  createServiceFactory,
  createServiceRef,
  createSharedEnvironment,
  type BackendFeature,
  type LoggerService,
  type RootConfigService,
} from '..';

interface Words {
  word(): string;
}

const wordsExtensionPoint = createExtensionPoint<Words>({ id: 'example.words' });
const multitonRef = createServiceRef<Words>({ id: 'example.manyWords', multiton: true });
const words: Words = { word: () => '' };

const plugin = createBackendPlugin({
  pluginId: 'example',
  register(reg) {
    reg.registerExtensionPoint(wordsExtensionPoint, words);
    reg.registerExtensionPoint({
      extensionPoint: wordsExtensionPoint,
      factory(context) {
        context.reportModuleStartupFailure({ error: new Error() });
        return words;
      },
    });
    reg.registerInit({
      deps: { logger: coreServices.logger, many: multitonRef },
      async init({ logger, many }) {
        logger satisfies LoggerService;
        many satisfies Words[];
        // @ts-expect-error an array is no instance
        many.word();
        // @ts-expect-error the logger has no such method
        logger.shout('x');
      },
    });
  },
});

// A feature can be used as it is, and gives itself when it is called.
plugin satisfies BackendFeature;
plugin() satisfies BackendFeature;
// @ts-expect-error it takes no options
plugin({ option: 1 });

createBackendPlugin({
  pluginId: 'example',
  register(reg) {
    // @ts-expect-error the implementation does not have the shape of the extension point
    reg.registerExtensionPoint(wordsExtensionPoint, { word: () => 1 });
    // @ts-expect-error nor may a promise of it be registered
    reg.registerExtensionPoint(wordsExtensionPoint, Promise.resolve(words));
    reg.registerExtensionPoint({
      extensionPoint: wordsExtensionPoint,
      // @ts-expect-error nor may a factory give a promise of it
      factory: async () => words,
    });
    // @ts-expect-error a service is no extension point
    reg.registerExtensionPoint(coreServices.logger, {} as LoggerService);
    reg.registerInit({
      // @ts-expect-error a plugin may not depend on extension points
      deps: { words: wordsExtensionPoint },
      async init() {},
    });
    reg.registerInit({
      deps: { logger: coreServices.logger },
      // @ts-expect-error there is no dependency of that name
      async init({ log }) {
        log.info('x');
      },
    });
    reg.registerInit({
      deps: {},
      // @ts-expect-error init is asynchronous
      init() {},
    });
    // @ts-expect-error deps are missing
    reg.registerInit({ async init() {} });
  },
});

createBackendModule({
  pluginId: 'example',
  moduleId: 'module',
  register(reg) {
    reg.registerExtensionPoint(wordsExtensionPoint, words);
    reg.registerInit({
      deps: { words: wordsExtensionPoint, logger: coreServices.logger, many: multitonRef },
      async init(deps) {
        deps.words satisfies Words;
        deps.logger satisfies LoggerService;
        deps.many satisfies Words[];
        // @ts-expect-error an extension point is one instance
        deps.words satisfies Words[];
      },
    });
    reg.registerInit({
      deps: { words: wordsExtensionPoint },
      // @ts-expect-error init is asynchronous
      init: deps => deps.words.word(),
    });
  },
});

// @ts-expect-error the module's own ID is missing
createBackendModule({ pluginId: 'example', register() {} });

createBackendFeatureLoader({
  deps: { config: coreServices.rootConfig },
  *loader({ config }) {
    config satisfies RootConfigService;
    yield plugin;
    yield Promise.resolve({ default: plugin });
  },
});
createBackendFeatureLoader({
  async *loader() {
    yield plugin;
    yield { default: plugin };
  },
});
createBackendFeatureLoader({ loader: async () => [plugin, Promise.resolve({ default: plugin })] });
createBackendFeatureLoader({
  // @ts-expect-error a loader may depend on root services only
  deps: { logger: coreServices.logger },
  loader: () => [],
});
// @ts-expect-error a loader gives features
createBackendFeatureLoader({ loader: () => ['plugin'] });
// @ts-expect-error a single feature is no list
createBackendFeatureLoader({ loader: () => ({ $$type: '@backstage/BackendFeature' }) });

const factory = createServiceFactory({ service: multitonRef, deps: {}, factory: () => words });
createSharedEnvironment({ services: [factory, () => factory] })
  .$$type satisfies '@backstage/SharedBackendEnvironment';
// @ts-expect-error an environment holds service factories only
createSharedEnvironment({ services: [plugin] });
