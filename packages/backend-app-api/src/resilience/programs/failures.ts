// Programs whose start fails or never ends; the first argument selects one.
import {
  coreServices,
  createBackendFeatureLoader,
  createServiceFactory,
  createServiceRef,
  type RootConfigService,
} from '@greenroom/backend-plugin-api';
import { createSpecializedBackend, type Backend } from '../..';
import { forEver, programBackend, provide, say, stayAlive } from './programBackend';

const up = ({ lifecycle }: { lifecycle: { addShutdownHook(hook: () => void): void } }) => {
  stayAlive();
  lifecycle.addShutdownHook(() => say('a down'));
};
const failing = () => programBackend({ a: up, b: () => Promise.reject(new Error('no disk')) });
const rootRef = createServiceRef<object>({ id: 'test.root', scope: 'root' });

/** Stops a backend while it starts. */
function stopped(start: (backend: Backend) => Promise<unknown>): void {
  const backend = programBackend({
    a: deps => {
      up(deps);
      return forEver();
    },
  });
  void start(backend);
  setImmediate(async () => {
    const { outcome } = await backend.stop();
    // By then, a rejection that nobody has handled has been noticed.
    setTimeout(() => {
      say(`stopped: ${outcome}`);
      process.exit();
    }, 1);
  });
}

const programs: { [name in string]: () => void } = {
  'not awaited': () => void failing().start(),

  'caught and wrapped': async () => {
    await failing()
      .start()
      .catch(error => {
        throw new Error('no start', { cause: error });
      });
  },

  'two backends': async () => {
    const other = programBackend({ c: ({ lifecycle }) => lifecycle.addShutdownHook(() => say('c down')) });
    await other.start();
    void failing().start();
  },

  'two backends, noticed late': async () => {
    const other = programBackend({ c: ({ lifecycle }) => lifecycle.addShutdownHook(() => say('c down')) });
    await other.start();
    const starting = failing().start();
    await starting.catch(() => {});
    setImmediate(() => setImmediate(() => void starting.then(() => {})));
  },

  'with callbacks': () => {
    const told = (error: Error & { code?: string }) => {
      say(`told: ${error.code}`);
      // The timer by which the backend leaves the process has been set before this one.
      setTimeout(() => {
        say(`alive, listeners: ${process.listenerCount('SIGTERM')}`);
        say('signal me');
      }, 1);
    };
    void failing().start(() => say('success'), told);
    process.on('SIGUSR2', () => process.exit(3));
  },

  'with callbacks, kept as a cause': async () => {
    const other = programBackend({ c: ({ lifecycle }) => lifecycle.addShutdownHook(() => say('c down')) });
    await other.start();
    let kept: unknown;
    await failing().start(undefined, error => (kept = error));
    process.once('unhandledRejection', () => setImmediate(() => process.exit(3)));
    void Promise.reject(new Error('later', { cause: kept }));
  },

  'stopped by the program': () => stopped(backend => backend.start()),
  'stopped by the program, awaited elsewhere': () =>
    stopped(async backend => {
      await backend.start();
      say('up');
    }),
  'stopped in a callback that throws': () => {
    const backend = programBackend({});
    void backend.start(() => {
      void backend.stop();
      throw new Error('no callback');
    });
  },

  'without a logger': () => {
    const backend = createSpecializedBackend({ defaultServiceFactories: [] });
    backend.add(provide(rootRef, () => Promise.reject(new Error('no disk'))));
    stayAlive();
    void backend.start();
  },

  'empty loop in an init': () => void programBackend({ a: forEver }).start(),
  'empty loop in a root service': () =>
    void programBackend({}, [
      provide(createServiceRef<object>({ id: 'test.root', scope: 'root' }), forEver),
    ]).start(),
  'empty loop in the configuration': () =>
    void programBackend({}, [provide<RootConfigService>(coreServices.rootConfig, forEver)]).start(),
  'empty loop in a feature loader': () => {
    const owner = createServiceFactory({ service: rootRef, deps: {}, factory: () => ({}) });
    const loader = createBackendFeatureLoader({ deps: { root: rootRef }, loader: forEver });
    void programBackend({}, [owner, loader]).start();
  },
  'empty loop in an import': () => {
    const backend = programBackend({});
    backend.add(forEver());
    void backend.start();
  },
  'empty loop in a default factory': () => {
    const broughtRef = createServiceRef<object>({
      id: 'test.brought',
      scope: 'root',
      defaultFactory: forEver,
    });
    const needing = createServiceFactory({
      service: rootRef,
      deps: { broughtRef },
      factory: () => ({}),
    });
    void programBackend({}, [needing]).start();
  },
  'empty loop while a failed start stops': () =>
    void programBackend(
      {
        a: ({ lifecycle }) => {
          lifecycle.addShutdownHook(() => say('a down'));
          lifecycle.addShutdownHook(forEver);
        },
        b: () => Promise.reject(new Error('no disk')),
      },
      [
        provide<RootConfigService>(coreServices.rootConfig, () =>
          import('@backstage/config').then(
            ({ ConfigReader }) => new ConfigReader({ backend: { lifecycle: { shutdownHookTimeout: 50 } } }),
          ),
        ),
      ],
    ).start(),
};

programs[process.argv[2]!]!();
