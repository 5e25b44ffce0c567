// Scenario: requests with a static access token, compared with requests to the same backend that need none.
import { loadServers } from '../lib/loadServers.mjs';
import { accessToken, startServer } from '../lib/startServer.mjs';

export const scenario = {
  id: 'http-token',
  title: 'GET of a small JSON with a static access token, against one without from the same backend',
  makers: ['greenroom', 'published'],
  metrics: [
    { key: 'without', label: 'without, requests a second', unit: '/s' },
    { key: 'with', label: 'with a token, requests a second', unit: '/s' },
    { key: 'ratio', label: 'with over without', unit: 'times' },
    { key: 'cpuRatio', label: 'processor time a request, with over without', unit: 'times' },
  ],

  async run({ maker }) {
    const server = await startServer({ maker, plugins: 1 });
    try {
      const [without, withToken] = await loadServers([
        { server, path: '/api/plugin-0/open' },
        {
          server,
          path: '/api/plugin-0/closed',
          headers: { authorization: `Bearer ${accessToken}` },
        },
      ]);
      return {
        without: without.perSecond,
        with: withToken.perSecond,
        ratio: withToken.perSecond / without.perSecond,
        cpuRatio: withToken.cpuUs / without.cpuUs,
      };
    } finally {
      await server.stop();
    }
  },

  targets: [
    {
      what: 'requests a second with a static access token, over those without',
      unit: 'times',
      atLeast: 0.9,
      value: median => median('greenroom', 'ratio'),
    },
  ],
};
