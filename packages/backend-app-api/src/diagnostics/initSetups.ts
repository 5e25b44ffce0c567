// Wrong set-ups: an init, a hook or a module that fails or hangs when its plugin starts.
import { coreServices, createBackendPlugin, createExtensionPoint } from '@greenroom/backend-plugin-api';
import { plugin, pluginModule } from '../scenarios/backendFixture';
import { fail, failures, forever, type WrongSetup } from './WrongSetup';

const sinkRef = createExtensionPoint<{ add(item: object): void }>({ id: 'catalog.sinks' });

export const initSetups: WrongSetup[] = [
  {
    title: 'an init that throws',
    run: failures,
    add: backend => backend.add(plugin('catalog', { init: fail(new Error('no such table: entities.')) })),
    told: [
      [
        'GR_INIT_FAILED',
        "Plugin 'catalog' failed in its init: no such table: entities (added at <here>). It was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'an init that throws something else than an error',
    run: failures,
    add: backend =>
      backend.add(
        createBackendPlugin({
          pluginId: 'catalog',
          register: reg => reg.registerInit({ deps: {}, init: () => Promise.reject('no luck') }),
        }),
      ),
    told: [
      [
        'GR_INIT_FAILED',
        "Plugin 'catalog' failed in its init: the string 'no luck' was thrown (added at <here>)",
      ],
    ],
  },
  {
    title: 'an init that fails for several reasons behind one another',
    run: failures,
    add: backend => {
      const refused = new AggregateError([
        new Error('connect ECONNREFUSED ::1:5432'),
        new Error('timed out'),
      ]);
      backend.add(plugin('catalog', { init: fail(new Error('No connection', { cause: refused })) }));
    },
    told: [
      [
        'GR_INIT_FAILED',
        "Plugin 'catalog' failed in its init: No connection, caused by: connect ECONNREFUSED ::1:5432, timed out (added at <here>). It was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'an init with an error of several lines',
    run: failures,
    add: backend =>
      backend.add(plugin('catalog', { init: fail(new Error('bad query\nselect *\nfrom nowhere')) })),
    told: [
      [
        'GR_INIT_FAILED',
        "Plugin 'catalog' failed in its init:\n  bad query\n  select *\n  from nowhere\nWhere: added at <here>\nIt was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'a startup hook that throws',
    run: failures,
    add: backend =>
      backend.add(
        plugin('catalog', {
          deps: { lifecycle: coreServices.lifecycle },
          init: ({ lifecycle }) => lifecycle.addStartupHook(fail(new Error('no refresh'))),
        }),
      ),
    told: [
      [
        'GR_STARTUP_HOOK_FAILED',
        "A startup hook of plugin 'catalog' failed: no refresh (added at <here>). It was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'a module that fails, and its plugin with it',
    run: failures,
    add: backend => {
      backend.add(plugin('catalog'));
      backend.add(pluginModule('catalog', 'github', { init: fail(new Error('no token')) }));
    },
    told: [
      [
        'GR_MODULE_FAILED',
        "Plugin 'catalog' did not start because of its modules:\n  - Module 'github' of plugin 'catalog' failed in its init: no token (added at <here>). It was thrown at <here>.\nFix the module, remove it, or allow its failure with backend.startup.plugins.catalog.modules.<id>.onPluginModuleBootFailure: continue.",
      ],
      [
        'GR_INIT_FAILED',
        "Module 'github' of plugin 'catalog' failed in its init: no token (added at <here>). It was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'an extension point that can not be made',
    run: async backend => (await failures(backend)).slice(1),
    add: backend => {
      backend.add(
        createBackendPlugin({
          pluginId: 'catalog',
          register(reg) {
            reg.registerExtensionPoint({ extensionPoint: sinkRef, factory: fail(new Error('closed')) });
            reg.registerInit({ deps: {}, async init() {} });
          },
        }),
      );
      backend.add(pluginModule('catalog', 'github', { deps: { sinks: sinkRef } }));
    },
    told: [
      [
        'GR_EXTENSION_POINT_FAILED',
        "Module 'github' of plugin 'catalog' could not get extension point 'catalog.sinks': closed (added at <here>). It was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'an extension that its plugin refuses',
    run: async backend => (await failures(backend)).slice(1),
    add: backend => {
      backend.add(
        createBackendPlugin({
          pluginId: 'catalog',
          register(reg) {
            reg.registerExtensionPoint({
              extensionPoint: sinkRef,
              factory: ({ reportModuleStartupFailure }) => ({
                add: () => reportModuleStartupFailure({ error: new Error('it has no name') }),
              }),
            });
            reg.registerInit({ deps: {}, async init() {} });
          },
        }),
      );
      const init = ({ sinks }: { sinks: { add(item: object): void } }) => sinks.add({});
      backend.add(pluginModule('catalog', 'github', { deps: { sinks: sinkRef }, init }));
    },
    told: [
      [
        'GR_MODULE_REPORTED_FAILURE',
        "Extension point 'catalog.sinks' reported a failure of module 'github' of plugin 'catalog': it has no name (added at <here>). The plugin rejected what the module provided through the extension point. It was thrown at <here>.",
      ],
    ],
  },
  {
    title: 'an init that hangs',
    options: { config: { backend: { startup: { default: { timeout: 5 } } } } },
    run: failures,
    add: backend => backend.add(plugin('catalog', { init: forever })),
    told: [
      [
        'GR_START_TIMEOUT',
        "Plugin 'catalog' was not up after 5 ms and still waits for its init. Find out why that does not finish, or raise backend.startup.default.timeout (for one plugin, backend.startup.plugins.<id>.timeout).",
      ],
    ],
  },
  {
    title: 'a feature that is added after a failed start',
    async run(backend) {
      backend.add(plugin('catalog', { init: fail(new Error('no table')) }));
      await backend.start().catch(() => {});
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
        'Too late for add() at <here>: the backend failed to start. Add all features before start(), and call start() once; make a new backend to start again.',
      ],
    ],
  },
];
