// Programs that receive signals; the first argument selects one.
import { coreServices, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import { forEver, programBackend, provide, say, stayAlive } from './programBackend';

type Hooks = { lifecycle: { addShutdownHook(hook: () => void | Promise<void>): void } };
const signalMe = () => say('signal me');
const nextSignal = () => new Promise<void>(resolve => process.once('SIGTERM', () => resolve()));
const up =
  (id: string) =>
  ({ lifecycle }: Hooks) =>
    lifecycle.addShutdownHook(() => say(`${id} down`));
const config = (data: object) =>
  provide(coreServices.rootConfig, () => new ConfigReader({ backend: data as {} }));
const rootRef = createServiceRef<object>({ id: 'test.root', scope: 'root' });

const programs: { [name in string]: () => void } = {
  // Two signals: the drain goes on, and what failed stays failed.
  'a failed hook and a second signal': () => {
    const slow = ({ lifecycle }: Hooks) => {
      stayAlive();
      lifecycle.addShutdownHook(() => say('a down'));
      lifecycle.addShutdownHook(async () => {
        const second = nextSignal();
        signalMe();
        await second;
        throw new Error('stuck');
      });
    };
    void programBackend({ a: slow }).start().then(signalMe);
  },

  'two backends': () => {
    stayAlive();
    const starts = ['a', 'b'].map(id => programBackend({ [id]: up(id) }).start());
    void Promise.all(starts).then(signalMe);
  },

  'a third signal': () => {
    const stuck = ({ lifecycle }: Hooks) => lifecycle.addShutdownHook(forEver);
    stayAlive();
    void programBackend({ a: stuck })
      .start()
      .then(() => {
        // Called after the backend's own listener, which ends the process at the third signal.
        process.on('SIGTERM', signalMe);
        signalMe();
      });
  },

  'a hook that never ends': () => {
    const stuck = ({ lifecycle }: Hooks) => {
      lifecycle.addShutdownHook(() => say('a down'));
      lifecycle.addShutdownHook(forEver);
    };
    const limits = config({ lifecycle: { shutdownHookTimeout: '60ms' } });
    void programBackend({ a: stuck }, [limits])
      .start()
      .then(() => {
        stayAlive();
        signalMe();
      });
  },

  // The signal comes while the program itself stops the backend, of which a hook fails.
  'a signal during a stop': () => {
    const slow = ({ lifecycle }: Hooks) => {
      stayAlive();
      lifecycle.addShutdownHook(() => say('a down'));
      lifecycle.addShutdownHook(async () => {
        const signal = nextSignal();
        signalMe();
        await signal;
        throw new Error('stuck');
      });
    };
    const backend = programBackend({ a: slow });
    void backend.start().then(() => backend.stop());
  },

  // The signal comes while a failed start stops what had started.
  'a signal after a failure': () => {
    const slow = ({ lifecycle }: Hooks) => {
      stayAlive();
      lifecycle.addShutdownHook(async () => {
        const signal = nextSignal();
        signalMe();
        await signal;
        say('a down');
      });
    };
    programBackend({ a: slow, b: () => Promise.reject(new Error('no disk')) })
      .start()
      .catch(() => {});
  },

  'during a root service': () => {
    const hanging = createServiceFactory({
      service: rootRef,
      deps: { lifecycle: coreServices.rootLifecycle },
      factory: async ({ lifecycle }) => {
        lifecycle.addShutdownHook(() => say('root down'));
        stayAlive();
        signalMe();
        return forEver();
      },
    });
    void programBackend({ a: up('a') }, [hanging]).start();
  },

  'during an init, nothing awaited': () => {
    const hanging = (deps: Hooks) => {
      up('b')(deps);
      stayAlive();
      signalMe();
      return forEver();
    };
    void programBackend({ a: up('a'), b: hanging }).start();
  },

  'during an import': () => {
    const backend = programBackend({ a: up('a') });
    backend.add(forEver());
    stayAlive();
    void backend.start();
    signalMe();
  },

  // Another backend is started when the signal has come already.
  'a backend that is started late': () => {
    const late = programBackend({ late: up('late') });
    const early = ({ lifecycle }: Hooks) => {
      stayAlive();
      lifecycle.addShutdownHook(async () => {
        await late.start();
        say('a down');
      });
    };
    void programBackend({ a: early }).start().then(signalMe);
  },

  'a program with an exit code of its own': () => {
    process.exitCode = 4;
    stayAlive();
    void programBackend({ a: up('a') })
      .start()
      .then(signalMe);
  },

  'many lines': () => {
    const chatty = ({ lifecycle }: Hooks) =>
      lifecycle.addShutdownHook(() => {
        for (let nr = 0; nr < 2_000; nr++) say(`line ${nr}`);
      });
    stayAlive();
    void programBackend({ a: chatty }).start().then(signalMe);
  },
};

programs[process.argv[2]!]!();
