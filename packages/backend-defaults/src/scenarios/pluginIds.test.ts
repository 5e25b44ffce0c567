// Plugins whose IDs are valid, and can't be keys of the configuration.
import { coreServices } from '@greenroom/backend-plugin-api';
import { metricsServiceRef, tracingServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { createPlugin } from '@greenroom/testing';
import { startBackend } from '../testing/startBackend';

it.each(['a--b', 'a-'])('start with the ID %s, with what is configured for all plugins', async pluginId => {
  let answer: unknown;
  const plugin = createPlugin(pluginId, {
    deps: { database: coreServices.database, metrics: metricsServiceRef, tracing: tracingServiceRef },
    async init({ database }) {
      answer = await (await database.getClient()).raw('select 1 as one');
    },
  });
  const database = { client: 'better-sqlite3', connection: ':memory:', plugin: { other: {} } };
  const backend = await startBackend({ config: { backend: { database } }, features: [plugin] });
  await backend.stop();
  expect(answer).toEqual([{ one: 1 }]);
});
