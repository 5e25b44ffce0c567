// Scenario: a chain of N services, each depending on the next, all given as defaults. One plugin needs the first.
import { minimalServices } from '../fixtures/minimalServices.mjs';
import { expectCounts } from '../fixtures/expectCounts.mjs';
import { timed } from '../fixtures/timed.mjs';

export const scenario = {
  id: 'chain',
  title: 'a chain of N services given as defaults',
  makers: ['greenroom', 'published'],
  // A size of one, to show what a start takes that has next to nothing to do.
  sizes: [1, 1_000],
  quickSizes: [100],
  metrics: [
    { key: 'createMs', label: 'create', unit: 'ms' },
    { key: 'startMs', label: 'start()', unit: 'ms' },
    { key: 'totalMs', label: 'create and start()', unit: 'ms' },
  ],

  async run({ api, app, size }) {
    const counts = { services: 0 };
    const refs = Array.from({ length: size }, (_, at) => api.createServiceRef({ id: `bench.link${at}` }));
    const factories = refs.map((service, at) =>
      api.createServiceFactory({
        service,
        deps: at + 1 < size ? { next: refs[at + 1] } : {},
        factory: deps => {
          counts.services++;
          return deps;
        },
      }),
    );
    const plugin = api.createBackendPlugin({
      pluginId: 'chained',
      register(env) {
        env.registerInit({ deps: { head: refs[0] }, async init() {} });
      },
    });
    const defaultServiceFactories = [...minimalServices(api), ...factories];

    const { ms: createMs, value: backend } = await timed(() => {
      const created = app.createSpecializedBackend({ defaultServiceFactories });
      created.add(plugin);
      return created;
    });
    const { ms: startMs } = await timed(() => backend.start());
    expectCounts(counts, { services: size });
    return { createMs, startMs, totalMs: createMs + startMs };
  },

  targets: [
    {
      what: 'a chain of 1,000 services given as defaults: create and start()',
      unit: 'ms',
      atMost: 20,
      value: median => median('greenroom', 'totalMs', 1_000),
      least: {
        what: 'One service alone, where nearly all is code that runs for the first time,',
        leaves: 'the 999 others',
        value: median => median('greenroom', 'totalMs', 1),
      },
    },
  ],
};
