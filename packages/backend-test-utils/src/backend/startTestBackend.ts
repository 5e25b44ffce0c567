// Starts a complete backend for a test, with mock services where tests need them.
import { createSpecializedBackend, type Backend } from '@greenroom/backend-app-api';
import type { ExtendedHttpServer } from '@greenroom/backend-defaults/rootHttpRouter';
import type { BackendFeature, BackendFeatureImport, ExtensionPoint } from '@greenroom/backend-plugin-api';
import { unwrapFeature } from '@greenroom/backend-plugin-api/internal';
import { afterAllTests } from '../afterAllTests';
import { createTestHttpRouterFactory } from './createTestHttpRouterFactory';
import { standInPlugins, type GivenExtensionPoint } from './standInPlugins';
import { testServiceFactories } from './testServiceFactories';

/**
 * Options of {@link startTestBackend}.
 *
 * @public
 */
export interface TestBackendOptions<TExtensionPoints extends unknown[]> {
  /** Extension points with the implementations that modules receive, for testing modules without their plugin. */
  extensionPoints?: readonly [
    ...{
      [index in keyof TExtensionPoints]: [
        ExtensionPoint<TExtensionPoints[index]>,
        Partial<TExtensionPoints[index]>,
      ];
    },
  ];
  /** Plugins, modules, service factories and loaders. */
  features?: Array<BackendFeature | Promise<BackendFeatureImport>>;
}

/**
 * A started backend.
 *
 * @public
 */
export interface TestBackend extends Backend {
  /** The HTTP server, for `supertest` and similar tools. Throws if the test has replaced the root HTTP router. */
  readonly server: ExtendedHttpServer;
}

const running = new Set<TestBackend>();

/**
 * Starts a backend with the given features, and stops it after all tests of the file. Rejects like `Backend.start`.
 *
 * Services are those of {@link mockServices}: nothing is logged, requests without credentials have those of
 * `user:default/mock`, scheduled tasks run once at startup unless they are manual or delayed, databases and caches are
 * in memory, and the server listens on a free port. Factories among the features take precedence. If the plugin of a
 * given module is missing, a stand-in takes its place.
 *
 * @example
 * ```ts
 * const { server } = await startTestBackend({ features: [import('../src')] });
 * await request(server).get('/api/things').expect(200);
 * ```
 *
 * @public
 */
export async function startTestBackend<TExtensionPoints extends unknown[]>(
  options: TestBackendOptions<TExtensionPoints>,
): Promise<TestBackend> {
  const { extensionPoints = [], features = [] } = options;
  let server: ExtendedHttpServer | undefined;
  const backend = createSpecializedBackend({
    defaultServiceFactories: [
      ...testServiceFactories,
      createTestHttpRouterFactory(made => {
        server = made;
      }),
    ],
  });
  const loaded = await Promise.all(
    features.map(async feature => unwrapFeature(await feature) as BackendFeature),
  );
  for (const feature of loaded) backend.add(feature);
  const given = extensionPoints as readonly GivenExtensionPoint[];
  for (const feature of standInPlugins(loaded, given)) backend.add(feature);

  const testBackend: TestBackend = {
    ...backend,
    get server() {
      if (server) return server;
      throw new Error(
        'There is no server: the test replaced coreServices.rootHttpRouter. Ask the service that it gave instead.',
      );
    },
    async stop() {
      running.delete(testBackend);
      return backend.stop();
    },
  };
  // Before it has started, because a start that outlasts its test has to be stopped as well.
  running.add(testBackend);
  await backend.start();
  return testBackend;
}

afterAllTests(async () => {
  await Promise.all([...running].map(backend => backend.stop()));
});
