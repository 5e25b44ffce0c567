// Scenarios: requests to a catalog of N entities over ten connections, per database.
import { catalogRequests } from '../fixtures/catalogRequests.mjs';
import { databaseLabels } from '../lib/benchDatabases.mjs';
import { startFilledCatalog } from '../lib/fillCatalog.mjs';
import { loadCatalog } from '../lib/loadCatalog.mjs';

const sizes = [1_000, 10_000];
const kinds = {
  byQuery: 'by-query, a page of 20 with a filter',
  byName: 'by-name',
  byRefs: 'by-refs of 100',
  facets: 'two facets',
  fullText: 'by-query, full text',
};

export const scenarios = Object.keys(databaseLabels).map(database => ({
  id: `catalog-requests-${database}`,
  group: 'catalog',
  database,
  title: `catalog on ${databaseLabels[database]}: requests to N entities, 10 connections`,
  makers: ['greenroom', 'published'],
  sizes,
  quickSizes: [100],
  rounds: 3,
  budgetMs: 180_000,
  metrics: Object.entries(kinds).flatMap(([kind, label]) => [
    { key: `${kind}PerSecond`, label: `${label}: requests a second`, unit: '/s' },
    { key: `${kind}P99Ms`, label: `${label}: 99th percentile`, unit: 'ms' },
    { key: `${kind}CpuUs`, label: `${label}: processor time a request`, unit: 'us' },
  ]),

  async run({ maker, size }) {
    const filled = await startFilledCatalog({ maker, size, database });
    if (!filled) return {};
    const { server, catalog } = filled;
    try {
      const measured = {};
      for (const [kind, requests] of Object.entries(catalogRequests(catalog))) {
        const { perSecond, p99Ms, cpuUs } = await loadCatalog(server, requests, { seconds: 2 });
        Object.assign(measured, {
          [`${kind}PerSecond`]: perSecond,
          [`${kind}P99Ms`]: p99Ms,
          [`${kind}CpuUs`]: cpuUs,
        });
      }
      return measured;
    } finally {
      await server.stop();
    }
  },

  targets: sizes.flatMap(size => targetsOf(databaseLabels[database], size)),
}));

function targetsOf(label, size) {
  const where = `catalog, ${label}, ${size.toLocaleString('en')} entities`;
  const ratio = (median, key) => median('greenroom', key, size) / median('published', key, size);
  return [
    ...Object.entries(kinds).map(([kind, name]) => ({
      what: `${where}: ${name}, requests a second over the published`,
      unit: 'times',
      atLeast: 3,
      value: median => ratio(median, `${kind}PerSecond`),
    })),
    {
      what: `${where}: 99th percentile over the published, the worst of the five`,
      unit: 'times',
      atMost: 1,
      value: median => Math.max(...Object.keys(kinds).map(kind => ratio(median, `${kind}P99Ms`))),
    },
  ];
}
