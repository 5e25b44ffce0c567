// Scenario: requests to the last of N plugins, compared with those to a backend with one plugin, in turn.
import { loadServers } from '../lib/loadServers.mjs';
import { startServer } from '../lib/startServer.mjs';

const sizes = [100, 1_000];

export const scenario = {
  id: 'http-many-plugins',
  title: 'GET of a small JSON from the last of N plugins, against a backend of one plugin in the same sample',
  makers: ['greenroom', 'published'],
  sizes,
  quickSizes: [100],
  metrics: [
    { key: 'one', label: 'one plugin, requests a second', unit: '/s' },
    { key: 'many', label: 'N plugins, requests a second', unit: '/s' },
    { key: 'ratio', label: 'N over one', unit: 'times' },
    { key: 'cpuRatio', label: 'processor time a request, N over one', unit: 'times' },
  ],

  async run({ maker, size }) {
    const servers = [];
    try {
      for (const plugins of [1, size]) servers.push(await startServer({ maker, plugins }));
      const [small, large] = servers;
      const [one, many] = await loadServers([
        { server: small, path: '/api/plugin-0/open' },
        { server: large, path: `/api/plugin-${size - 1}/open` },
      ]);
      return {
        one: one.perSecond,
        many: many.perSecond,
        ratio: many.perSecond / one.perSecond,
        cpuRatio: many.cpuUs / one.cpuUs,
      };
    } finally {
      await Promise.all(servers.map(server => server.stop()));
    }
  },

  targets: sizes.map(size => ({
    what: `requests a second with ${size.toLocaleString('en')} plugins, over its own with one`,
    unit: 'times',
    atLeast: size === 100 ? 0.97 : 0.95,
    value: median => median('greenroom', 'ratio', size),
  })),
};
