// Scenario: a plugin with N modules, each of which adds one thing through the plugin's extension point.
import { bareLoopLeast } from '../fixtures/bareLoopLeast.mjs';
import { expectCounts } from '../fixtures/expectCounts.mjs';
import { minimalServices } from '../fixtures/minimalServices.mjs';
import { timed } from '../fixtures/timed.mjs';

export const scenario = {
  id: 'modules',
  title: 'one plugin with N modules',
  makers: ['greenroom', 'published', 'bareLoop'],
  sizes: [1, 3_000],
  quickSizes: [1, 300],
  metrics: [{ key: 'startMs', label: 'start()', unit: 'ms' }],

  async run({ api, app, size }) {
    const counts = { uses: 0 };
    const point = api.createExtensionPoint({ id: 'bench.things' });
    const backend = app.createSpecializedBackend({ defaultServiceFactories: minimalServices(api) });
    backend.add(
      api.createBackendPlugin({
        pluginId: 'extended',
        register(env) {
          env.registerExtensionPoint(point, { add: () => counts.uses++ });
          env.registerInit({ deps: {}, async init() {} });
        },
      }),
    );
    for (let at = 0; at < size; at++) backend.add(moduleThatAdds(api, point, `module-${at}`));
    const { ms: startMs } = await timed(() => backend.start());
    expectCounts(counts, { uses: size });
    return { startMs };
  },

  targets: [
    {
      what: 'one plugin with 3,000 modules, over the published engine',
      unit: 'times',
      atMost: 1 / 5,
      value: median => median('greenroom', 'startMs', 3_000) / median('published', 'startMs', 3_000),
      least: bareLoopLeast('published', 3_000),
    },
  ],
};

function moduleThatAdds(api, point, moduleId) {
  return api.createBackendModule({
    pluginId: 'extended',
    moduleId,
    register(env) {
      env.registerInit({
        deps: { things: point },
        async init({ things }) {
          things.add();
        },
      });
    },
  });
}
