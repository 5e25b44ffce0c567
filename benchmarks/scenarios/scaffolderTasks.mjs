// Scenarios: how many tasks with three steps a scaffolder completes per second, ten in parallel, per database.
import { createDatabase, databaseLabels } from '../lib/benchDatabases.mjs';
import { runTasks, templateConfig, untilTemplate } from '../lib/runTasks.mjs';
import { startServer } from '../lib/startServer.mjs';

const concurrency = 10;

export const scenarios = Object.keys(databaseLabels).map(database => ({
  id: `scaffolder-tasks-${database}`,
  group: 'scaffolder',
  database,
  title: `scaffolder on ${databaseLabels[database]}: N tasks of three steps, ${concurrency} at a time`,
  makers: ['greenroom', 'published'],
  sizes: [100],
  quickSizes: [10],
  rounds: 3,
  metrics: [{ key: 'perSecond', label: 'tasks a second', unit: '/s' }],

  async run({ maker, size }) {
    const config = templateConfig(concurrency);
    const server = await startServer({ maker, features: 'both', config, database: createDatabase(database) });
    try {
      await untilTemplate(server);
      await runTasks(server, concurrency);
      return { perSecond: (size * 1_000) / (await runTasks(server, size, concurrency)) };
    } finally {
      await server.stop();
    }
  },

  targets: [
    {
      what: `scaffolder, ${databaseLabels[database]}: tasks a second, over the published`,
      unit: 'times',
      atLeast: 2,
      value: median => median('greenroom', 'perSecond', 100) / median('published', 'perSecond', 100),
    },
  ],
}));
