// Scenario: from the start of a process with the catalog and the scaffolder until the readiness probe returns 200.
import { startServer } from '../lib/startServer.mjs';

export const scenario = {
  id: 'plugins-readiness',
  group: 'scaffolder',
  title: 'process start to readiness 200, the catalog and the scaffolder, nothing to read',
  makers: ['greenroom', 'published'],
  metrics: [
    { key: 'readyMs', label: 'ready after', unit: 'ms' },
    { key: 'cpuMs', label: 'processor time', unit: 'ms' },
    { key: 'rssMb', label: 'resident memory', unit: 'MB' },
  ],

  async run({ maker }) {
    const server = await startServer({ maker, features: 'both' });
    try {
      const { rssMb, cpuUs } = await server.usage();
      return { readyMs: server.readyMs, rssMb, cpuMs: cpuUs / 1_000 };
    } finally {
      await server.stop();
    }
  },

  targets: [
    {
      what: 'process start to readiness, the catalog and the scaffolder, over the published',
      unit: 'times',
      atMost: 1 / 4,
      value: median => median('greenroom', 'readyMs') / median('published', 'readyMs'),
    },
  ],
};
