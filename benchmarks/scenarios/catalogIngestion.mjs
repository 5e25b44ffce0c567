// Scenarios: from the start of a catalog's process until N generated entities are served with relations, per database.
import { databaseLabels } from '../lib/benchDatabases.mjs';
import { fillCatalog } from '../lib/fillCatalog.mjs';

const sizes = [1_000, 10_000];

export const scenarios = Object.keys(databaseLabels).map(database => ({
  id: `catalog-ingestion-${database}`,
  group: 'catalog',
  database,
  title: `catalog on ${databaseLabels[database]}: process start to N entities served with their relations`,
  makers: ['greenroom', 'published'],
  sizes,
  quickSizes: [100],
  rounds: 3,
  metrics: [
    { key: 'servedMs', label: 'all served after', unit: 'ms' },
    { key: 'cpuMs', label: 'processor time until then', unit: 'ms' },
  ],
  run: ({ maker, size }) => fillCatalog({ maker, size, database }),
  targets: sizes.map(size => ({
    what: `catalog, ${databaseLabels[database]}: process start to ${size.toLocaleString('en')} entities served, over the published`,
    unit: 'times',
    atMost: 1 / 5,
    value: median => median('greenroom', 'servedMs', size) / median('published', 'servedMs', size),
  })),
}));
