// Wrong set-ups: what keeps the whole backend from starting, or from stopping cleanly.
import {
  coreServices,
  createExtensionPoint,
  createServiceFactory,
  createServiceRef,
} from '@greenroom/backend-plugin-api';
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';
import type { Backend } from '..';
import { plugin, provide } from '../scenarios/backendFixture';
import { fail, failures, forever, startupError, type WrongSetup } from './WrongSetup';

const storeRef = createServiceRef<object>({ id: 'test.store' });
const clientRef = createServiceRef<object>({ id: 'test.client' });
const serverRef = createServiceRef<object>({ id: 'test.server', scope: 'root' });
const sinkRef = createExtensionPoint<{ add(item: object): void }>({ id: 'catalog.sinks' });

const client = createServiceFactory({
  service: clientRef,
  deps: { store: storeRef },
  factory: () => ({}),
});
/** As the HTTP server of the default services words it. */
const portInUse = () =>
  new GreenroomError({
    code: 'GR_PORT_IN_USE',
    message: 'Port 7007 on 127.0.0.1 is already in use',
    hint: 'Stop the other process, or set backend.listen.port to a free port.',
  });
/** As the configuration service words it. */
const twoProblems = () =>
  new GreenroomError({
    code: 'GR_CONFIG_INVALID',
    message:
      'The configuration has 2 problems:\n  app-config.yaml:3:1  This key stands twice\n  app-config.yaml:9:5  This is no number',
  });

async function hooksOfStop(backend: Backend): Promise<unknown[]> {
  await backend.start();
  return (await backend.stop()).hooks.map(({ error }) => error);
}

/** A plugin with a shutdown hook. */
const stoppedBy = (hook: () => Promise<void>) =>
  plugin('catalog', {
    deps: { lifecycle: coreServices.lifecycle },
    init: ({ lifecycle }) => lifecycle.addShutdownHook(hook),
  });

export const startupSetups: WrongSetup[] = [
  {
    title: 'a service factory that throws, two services away',
    run: failures,
    add: backend => {
      backend.add(provide(storeRef, fail(new Error('disk full'))));
      backend.add(client);
      backend.add(plugin('catalog', { deps: { client: clientRef } }));
    },
    told: [
      [
        'GR_SERVICE_FAILED',
        "Plugin 'catalog' could not get service 'test.store': disk full (plugin 'catalog' -> service 'test.client' -> service 'test.store'). It was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'a port in use',
    run: startupError,
    add: backend => backend.add(provide(serverRef, fail(portInUse()))),
    told: [
      [
        'GR_STARTUP_FAILED',
        "Port 7007 on 127.0.0.1 is already in use (the backend -> service 'test.server'). Stop the other process, or set backend.listen.port to a free port. The backend did not start.",
      ],
    ],
  },
  {
    title: 'a configuration with several problems',
    run: startupError,
    add: backend => backend.add(provide(serverRef, fail(twoProblems()))),
    told: [
      [
        'GR_STARTUP_FAILED',
        "The configuration has 2 problems:\n  app-config.yaml:3:1  This key stands twice\n  app-config.yaml:9:5  This is no number\nWhere: the backend -> service 'test.server'\nThe backend did not start.",
      ],
    ],
  },
  {
    title: 'one service that fails for three plugins, beside another failure',
    run: startupError,
    add: backend => {
      const shared = createServiceRef<object>({ id: 'test.shared', scope: 'root' });
      backend.add(
        createServiceFactory({
          service: shared,
          deps: {},
          initialization: 'lazy',
          factory: fail(twoProblems()),
        }),
      );
      for (const id of ['catalog', 'search', 'todo']) backend.add(plugin(id, { deps: { shared } }));
      backend.add(plugin('proxy', { init: fail(new Error('no target')) }));
    },
    told: [
      [
        'GR_STARTUP_FAILED',
        [
          'The backend did not start, for 2 reasons:',
          '  - The configuration has 2 problems:',
          '      app-config.yaml:3:1  This key stands twice',
          '      app-config.yaml:9:5  This is no number',
          "    Where: plugin 'catalog' -> service 'test.shared'",
          "    The same keeps back plugin 'search', plugin 'todo'.",
          "  - Plugin 'proxy' failed in its init: no target (added at <here>). It was thrown at <here>.",
        ].join('\n'),
      ],
    ],
  },
  {
    title: 'several plugins that meet the same failure, each with errors of its own',
    run: startupError,
    add: backend => {
      const connect = (id: string) => () => {
        throw new GreenroomError({
          code: 'GR_TEST',
          message: `The database of plugin '${id}' can't be used: connect ECONNREFUSED`,
          hint: 'Check that the server runs.',
          cause: new Error('connect ECONNREFUSED'),
        });
      };
      for (const id of ['catalog', 'search', 'todo']) backend.add(plugin(id, { init: connect(id) }));
    },
    told: [
      [
        'GR_STARTUP_FAILED',
        "The database of plugin 'catalog' can't be used: connect ECONNREFUSED (init of plugin 'catalog'; added at <here>). Check that the server runs.\nThe same keeps back plugin 'search', plugin 'todo'.\nThe backend did not start.",
      ],
    ],
  },
  {
    title: 'a plugin with two faults',
    run: failures,
    add: backend =>
      backend.add(
        plugin('catalog', { deps: { index: createServiceRef({ id: 'test.index' }), point: sinkRef } }),
      ),
    told: [
      [
        'GR_WIRING_INVALID',
        [
          "Plugin 'catalog' can't be started, for 2 reasons:",
          "  - Plugin 'catalog' needs service 'test.index', for which there is no factory (added at <here>). Add a factory for 'test.index'.",
          "  - The init of plugin 'catalog' depends on extension point 'catalog.sinks' (added at <here>). Extension points are for modules: if it is its own, keep the implementation in a variable of register and use that; if it is that of another plugin, write a module of that plugin.",
        ].join('\n'),
      ],
    ],
  },
  {
    title: 'a root service that hangs, in a process with nothing left to do',
    async run(backend) {
      const { exitCode } = process;
      const failed = startupError(backend);
      // What Node says when its event loop runs empty. The backend listens once it waits for the service.
      await new Promise(setImmediate);
      process.emit('beforeExit', 0);
      const [error] = await failed;
      process.exitCode = exitCode;
      return (error as unknown as { result: { problems: Error[] } }).result.problems;
    },
    add: backend => backend.add(provide(serverRef, forever)),
    told: [
      [
        'GR_START_STALLED',
        "Nothing is left to do in this process, yet the backend is not up and still waits for service 'test.server'. A promise there is never resolved: look for a callback that is never called.",
      ],
    ],
  },
  {
    title: 'a stop while the backend starts',
    async run(backend) {
      const failed = failures(backend);
      await new Promise(setImmediate);
      await backend.stop();
      return failed;
    },
    add: backend => backend.add(plugin('catalog', { init: forever })),
    told: [
      [
        'GR_START_ABORTED',
        "Plugin 'catalog' was not started: the backend was stopped while it was starting. Start it again, if the stop was not intended.",
      ],
    ],
  },
  {
    title: 'a stop while several plugins start',
    async run(backend) {
      const failed = startupError(backend);
      await new Promise(setImmediate);
      await backend.stop();
      return failed;
    },
    add: backend => {
      for (const id of ['catalog', 'search', 'todo']) backend.add(plugin(id, { init: forever }));
    },
    told: [
      [
        'GR_STARTUP_FAILED',
        "Plugin 'catalog' was not started: the backend was stopped while it was starting. Start it again, if the stop was not intended.\nThe same keeps back plugin 'search', plugin 'todo'.\nThe backend did not start.",
      ],
    ],
  },
  {
    title: 'a shutdown hook that throws',
    run: hooksOfStop,
    add: backend => backend.add(stoppedBy(async () => fail(new Error('queue is not empty'))())),
    told: [
      [
        'GR_SHUTDOWN_HOOK_FAILED',
        "A shutdown hook of plugin 'catalog' failed: queue is not empty. It was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'a shutdown hook that hangs',
    options: { config: { backend: { lifecycle: { shutdownHookTimeout: 5 } } } },
    run: hooksOfStop,
    add: backend => backend.add(stoppedBy(forever)),
    told: [
      [
        'GR_SHUTDOWN_HOOK_TIMEOUT',
        "A shutdown hook of plugin 'catalog' was given up after 5 ms. Find out why it does not finish, or raise shutdownHookTimeout or shutdownTimeout in backend.lifecycle.",
      ],
    ],
  },
];
