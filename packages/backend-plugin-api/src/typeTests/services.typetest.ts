// Type tests: what the compiler must accept and refuse about services and their factories.
import {
  coreServices,
  createServiceFactory,
  createServiceRef,
  type LoggerService,
  type ServiceFactory,
} from '..';

interface Words {
  word(): string;
}
const instance: Words = { word: () => '' };

const pluginRef = createServiceRef<Words>({ id: 'example.words' });
const rootRef = createServiceRef<Words>({ id: 'example.rootWords', scope: 'root' });
const multitonRef = createServiceRef<Words>({ id: 'example.manyWords', multiton: true });
const rootMultitonRef = createServiceRef<Words>({
  id: 'example.manyRootWords',
  scope: 'root',
  multiton: true,
});

// References know their scope.
pluginRef.scope satisfies 'plugin';
rootRef.scope satisfies 'root';
// @ts-expect-error a reference is of plugin scope unless it says otherwise
pluginRef.scope satisfies 'root';

// A factory of either scope, and what it may depend on.
createServiceFactory({
  service: pluginRef,
  deps: { logger: coreServices.logger, rootLogger: coreServices.rootLogger, words: rootRef },
  factory({ logger, rootLogger, words }) {
    logger satisfies LoggerService;
    rootLogger satisfies LoggerService;
    return { word: () => words.word() };
  },
}) satisfies ServiceFactory<Words, 'plugin', 'singleton'>;
createServiceFactory({
  service: rootRef,
  deps: { logger: coreServices.rootLogger },
  factory: async ({ logger }) => ({ word: () => String(logger) }),
}) satisfies ServiceFactory<Words, 'root', 'singleton'>;

// A factory gives itself when it is called.
createServiceFactory({
  service: rootRef,
  deps: {},
  factory: () => ({ word: () => '' }),
})() satisfies ServiceFactory;

// On one line, because compilers differ in which line of a call they blame.
// @ts-expect-error a root service may not depend on a plugin service
createServiceFactory({ service: rootRef, deps: { logger: coreServices.logger }, factory: () => instance });

createServiceFactory({
  service: pluginRef,
  deps: { logger: coreServices.logger },
  // @ts-expect-error there is no dependency of that name
  factory: ({ log }) => ({ word: () => String(log) }),
});

createServiceFactory({
  service: pluginRef,
  deps: { logger: coreServices.logger },
  // @ts-expect-error the logger has no such method
  factory: ({ logger }) => ({ word: () => logger.shout('x') }),
});

createServiceFactory({
  service: pluginRef,
  deps: {},
  // @ts-expect-error the instance does not have the shape of the service
  factory: () => ({ word: () => 1 }),
});

createServiceFactory({
  service: pluginRef,
  deps: {},
  // @ts-expect-error a promise is no service: its method gives a promise of a string
  factory: () => ({ word: async () => '' }),
});

// @ts-expect-error the service is missing
createServiceFactory({ deps: {}, factory: () => ({ word: () => '' }) });

// @ts-expect-error a root service has no root context
createServiceFactory({ service: rootRef, deps: {}, createRootContext: () => 1, factory: () => instance });

// The root context sees root services only, and arrives awaited.
createServiceFactory({
  service: pluginRef,
  deps: { logger: coreServices.logger, rootLogger: coreServices.rootLogger },
  async createRootContext({ rootLogger }) {
    rootLogger satisfies LoggerService;
    return { count: 1 };
  },
  factory: (_deps, context) => ({ word: () => String(context.count satisfies number) }),
});
createServiceFactory({
  service: pluginRef,
  deps: { logger: coreServices.logger },
  // @ts-expect-error plugin services do not exist yet when the root context is made
  createRootContext: ({ logger }) => logger,
  factory: () => ({ word: () => '' }),
});

// Multiton services arrive as arrays and are provided one by one.
createServiceFactory({
  service: pluginRef,
  deps: { many: multitonRef, manyRoot: rootMultitonRef, one: rootRef },
  factory({ many, manyRoot, one }) {
    many satisfies Words[];
    manyRoot satisfies Words[];
    // @ts-expect-error one instance is no array
    one satisfies Words[];
    // @ts-expect-error an array is no instance
    many.word();
    return { word: () => '' };
  },
});
createServiceFactory({ service: multitonRef, deps: {}, factory: () => ({ word: () => '' }) });
// @ts-expect-error each factory of a multiton service gives one instance, not an array
createServiceFactory({ service: multitonRef, deps: {}, factory: () => [{ word: () => '' }] });

// Default factories.
createServiceRef<Words>({
  id: 'example.words',
  async defaultFactory(service) {
    return createServiceFactory({ service, deps: {}, factory: () => ({ word: () => '' }) });
  },
});
createServiceRef<Words>({
  id: 'example.words',
  // @ts-expect-error a default factory arrives by a promise
  defaultFactory: service => createServiceFactory({ service, deps: {}, factory: () => ({ word: () => '' }) }),
});
// @ts-expect-error there is no such scope
createServiceRef<Words>({ id: 'example.words', scope: 'global' });
