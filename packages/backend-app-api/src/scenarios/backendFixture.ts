// A backend with small, real services for tests.
import { ConfigReader } from '@backstage/config';
import { coreServices, type RootLoggerService, type ServiceFactory } from '@greenroom/backend-plugin-api';
import { provide } from '@greenroom/testing';
import { BackendStartupError, createSpecializedBackend, type Backend, type BackendStartupResult } from '..';
import type { BackendFeatureInput, CreateSpecializedBackendOptions } from '..';
import { lifecycleFactories } from './plainServices';

export { createModule as pluginModule, createPlugin as plugin, provide } from '@greenroom/testing';

interface BackendFixtureOptions extends Partial<CreateSpecializedBackendOptions> {
  /** Added in this order. */
  features?: readonly BackendFeatureInput[];
  /** The whole configuration; none at all where it is left out. */
  config?: ConstructorParameters<typeof ConfigReader>[0];
}

const backends: Backend[] = [];

// A backend that still runs listens to the signals of the process.
afterEach(async () => {
  await Promise.all(backends.splice(0).map(backend => backend.stop()));
});

/** A backend with lifecycle services, and with a configuration where one is given; it is stopped after the test. */
export function backendFixture({ features = [], config, ...options }: BackendFixtureOptions = {}): Backend {
  const backend = createSpecializedBackend({
    ...options,
    defaultServiceFactories: [
      ...lifecycleFactories,
      ...(config ? [provide(coreServices.rootConfig, () => new ConfigReader(config))] : []),
      ...(options.defaultServiceFactories ?? []),
    ],
  });
  features.forEach(feature => backend.add(feature));
  backends.push(backend);
  return backend;
}

/** Starts a backend of these features and gives its result, of a failed start as well. */
export async function resultOf(
  features: readonly BackendFeatureInput[],
  options: BackendFixtureOptions = {},
): Promise<BackendStartupResult> {
  return startedOrFailed(backendFixture({ ...options, features }));
}

/** Starts a backend and gives the result of the start, however it ends. */
export async function startedOrFailed(backend: Backend): Promise<BackendStartupResult> {
  const { result } = await backend.start().catch((error: unknown) => {
    if (error instanceof BackendStartupError) return error;
    throw error;
  });
  return result;
}

/** Resolves when Node has told of what rejected with nobody listening: jest fails the test for it. */
export async function rejectionsTold(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve));
}

/** Every failure of a start as `[code, message]`: problems first, then each plugin with its modules. */
export function failuresOf({
  problems,
  plugins,
}: BackendStartupResult): Array<[code: string, message: string]> {
  const entries = plugins.flatMap(entry => [entry, ...entry.modules]);
  const errors = [...problems, ...entries.flatMap(({ failure }) => (failure ? [failure.error] : []))];
  return errors.map(error => [(error as Error & { code: string }).code, error.message]);
}

/** The entry of a module, or of a plugin where no module is given. */
export function entryOf({ plugins }: BackendStartupResult, pluginId: string, moduleId?: string) {
  const found = plugins.find(entry => entry.pluginId === pluginId)!;
  return moduleId === undefined ? found : found.modules.find(entry => entry.moduleId === moduleId)!;
}

/** A promise that the test settles. */
export function deferred<T = void>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((onResolve, onReject) => ([resolve, reject] = [onResolve, onReject]));
  return { promise, resolve, reject };
}

/** A root logger that keeps `level: message` of every line. */
export function recordedLogger(): { lines: string[]; factory: ServiceFactory } {
  const lines: string[] = [];
  const log = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  const logger: RootLoggerService = {
    error: log('error'),
    warn: log('warn'),
    info: log('info'),
    debug: log('debug'),
    child: () => logger,
  };
  return { lines, factory: provide(coreServices.rootLogger, () => logger) };
}
