// Scenario: GET of a small JSON through a plugin's router with all default middleware, compared with bare servers.
import { loadServers } from '../lib/loadServers.mjs';
import { startServer } from '../lib/startServer.mjs';

export const scenario = {
  id: 'http',
  title: 'GET of a small JSON, 50 connections; backends with all default middleware and the request log on',
  makers: ['greenroom', 'published', 'express', 'fastify', 'node'],
  metrics: [
    { key: 'perSecond', label: 'requests a second', unit: '/s' },
    { key: 'cpuUs', label: 'processor time a request', unit: 'us' },
  ],

  async run({ maker, peer }) {
    const server = await startServer({ maker, peer, plugins: 1 });
    try {
      const [figures] = await loadServers([{ server, path: '/api/plugin-0/open' }]);
      return figures;
    } finally {
      await server.stop();
    }
  },

  targets: [
    {
      what: 'requests a second, over a bare express 5',
      unit: 'times',
      atLeast: 2,
      value: median => median('greenroom', 'perSecond') / median('express', 'perSecond'),
    },
    {
      what: 'processor time a request, over a bare express 5',
      unit: 'times',
      atMost: 1 / 2,
      value: median => median('greenroom', 'cpuUs') / median('express', 'cpuUs'),
    },
  ],
};
