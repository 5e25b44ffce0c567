// Scenario: N independent plugin services of 50 ms each, needed by the init of one plugin.
import { expectCounts } from '../fixtures/expectCounts.mjs';
import { minimalServices } from '../fixtures/minimalServices.mjs';
import { slowServices } from '../fixtures/slowServices.mjs';
import { timed } from '../fixtures/timed.mjs';

export const scenario = {
  id: 'plugin-services',
  title: 'N independent plugin services of 50 ms each, asked for by one init',
  makers: ['greenroom', 'published'],
  sizes: [20],
  quickSizes: [20],
  metrics: [{ key: 'startMs', label: 'start()', unit: 'ms' }],

  async run({ api, app, size }) {
    const counts = { services: 0 };
    const { refs, factories } = slowServices({ api, size, scope: 'plugin', counts });
    const backend = app.createSpecializedBackend({
      defaultServiceFactories: [...minimalServices(api), ...factories],
    });
    backend.add(
      api.createBackendPlugin({
        pluginId: 'demanding',
        register(env) {
          env.registerInit({ deps: Object.fromEntries(refs.map(ref => [ref.id, ref])), async init() {} });
        },
      }),
    );
    const { ms: startMs } = await timed(() => backend.start());
    expectCounts(counts, { services: size });
    return { startMs };
  },

  targets: [
    {
      what: '20 independent plugin services of 50 ms, asked for by one init',
      unit: 'ms',
      atMost: 70,
      value: median => median('greenroom', 'startMs', 20),
    },
  ],
};
