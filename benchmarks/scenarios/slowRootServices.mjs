// Scenario: N independent root services of 50 ms each.
import { expectCounts } from '../fixtures/expectCounts.mjs';
import { minimalServices } from '../fixtures/minimalServices.mjs';
import { slowServices } from '../fixtures/slowServices.mjs';
import { timed } from '../fixtures/timed.mjs';

export const scenario = {
  id: 'root-services',
  title: 'N independent root services of 50 ms each',
  makers: ['greenroom', 'published'],
  sizes: [20],
  quickSizes: [20],
  metrics: [{ key: 'startMs', label: 'start()', unit: 'ms' }],

  async run({ api, app, size }) {
    const counts = { services: 0 };
    const { factories } = slowServices({ api, size, scope: 'root', counts });
    const backend = app.createSpecializedBackend({ defaultServiceFactories: minimalServices(api) });
    for (const factory of factories) backend.add(factory);
    const { ms: startMs } = await timed(() => backend.start());
    expectCounts(counts, { services: size });
    return { startMs };
  },

  targets: [
    {
      what: '20 independent root services of 50 ms each',
      unit: 'ms',
      atMost: 70,
      value: median => median('greenroom', 'startMs', 20),
    },
  ],
};
