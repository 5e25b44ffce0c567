// Scenario: N plugins, each with one module, one extension point and its own instances of three plugin services.
import { bareLoopLeast } from '../fixtures/bareLoopLeast.mjs';
import { expectCounts } from '../fixtures/expectCounts.mjs';
import { manyPlugins } from '../fixtures/manyPlugins.mjs';
import { timed } from '../fixtures/timed.mjs';

const sizes = [1_000, 5_000, 20_000];

export const scenario = {
  id: 'plugins',
  title: 'N plugins, each 1 module, 1 extension point, 3 plugin services',
  makers: ['greenroom', 'published', 'bareLoop'],
  sizes: [1, ...sizes],
  quickSizes: [1, 100, 1_000],
  metrics: [
    { key: 'addMs', label: 'create and add', unit: 'ms' },
    { key: 'startMs', label: 'start()', unit: 'ms' },
  ],

  async run({ api, app, size }) {
    const { ms: addMs, value } = await timed(() => manyPlugins({ api, app, size }));
    const { ms: startMs } = await timed(() => value.backend.start());
    expectCounts(value.counts, { plugins: size, modules: size, uses: size });
    return { addMs, startMs };
  },

  targets: [
    ...sizes.map(size => ({
      what: `start() of N = ${size.toLocaleString('en')}, over the published engine`,
      unit: 'times',
      atMost: 1 / 6,
      value: median => median('greenroom', 'startMs', size) / median('published', 'startMs', size),
      least: bareLoopLeast('published', size),
    })),
    ...sizes.map(size => ({
      what: `start() of N = ${size.toLocaleString('en')}, over the bare loop`,
      unit: 'times',
      atMost: 2,
      value: median => median('greenroom', 'startMs', size) / median('bareLoop', 'startMs', size),
      least: bareLoopLeast('bareLoop', size),
    })),
    {
      what: 'cost per plugin at N = 20,000, over that at 1,000',
      unit: 'times',
      atMost: 1,
      value: median =>
        median('greenroom', 'startMs', 20_000) / 20_000 / (median('greenroom', 'startMs', 1_000) / 1_000),
    },
  ],
};
