// Scenario: GET of a small JSON through the plugin's router with all default middleware, against bare servers with one route.
import { loadServers } from '../lib/loadServers.mjs';
import { startServer } from '../lib/startServer.mjs';

export const scenario = {
  id: 'http',
  title: 'GET of a small JSON, 50 connections; backends with all default middleware and the request log on',
  makers: ['greenroom', 'published', 'express', 'fastify', 'node'],
  metrics: [{ key: 'perSecond', label: 'requests a second', unit: '/s' }],

  async run({ maker, peer }) {
    const server = await startServer({ maker, peer, plugins: 1 });
    try {
      const [perSecond] = await loadServers([{ url: `${server.url}/api/plugin-0/open` }], { rounds: 2 });
      return { perSecond };
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
  ],
};
