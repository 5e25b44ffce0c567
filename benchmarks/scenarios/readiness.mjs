// Scenario: from the start of a process with the defaults and N plugins until the readiness probe returns 200.
import { startServer } from '../lib/startServer.mjs';

const sizes = [0, 100];

export const scenario = {
  id: 'readiness',
  title: 'process start to readiness 200, N plugins with a route each',
  makers: ['greenroom', 'published'],
  sizes,
  quickSizes: [0],
  metrics: [
    { key: 'readyMs', label: 'ready after', unit: 'ms' },
    { key: 'rssMb', label: 'resident memory', unit: 'MB' },
  ],

  async run({ maker, size }) {
    const server = await startServer({ maker, plugins: size });
    try {
      return { readyMs: server.readyMs, rssMb: (await server.usage()).rssMb };
    } finally {
      await server.stop();
    }
  },

  targets: sizes.flatMap(size => [
    {
      what: `process start to readiness, ${size} plugins, over the published defaults`,
      unit: 'times',
      atMost: 1 / 5,
      value: median => median('greenroom', 'readyMs', size) / median('published', 'readyMs', size),
    },
    {
      what: `resident memory when ready, ${size} plugins`,
      unit: 'MB',
      atMost: size === 0 ? 90 : 110,
      value: median => median('greenroom', 'rssMb', size),
    },
  ]),
};
