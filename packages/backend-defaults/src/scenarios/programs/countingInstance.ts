// One instance of a backend with a database in memory, which tells how many instances have begun with that database.
import { ConfigReader } from '@backstage/config';
import { coreServices, createBackendPlugin, createServiceFactory } from '@greenroom/backend-plugin-api';
import { writeSync } from 'node:fs';
import { createBackend } from '../../index';

const config = {
  backend: { listen: { host: '127.0.0.1', port: 0 }, database: { client: 'better-sqlite3' } },
};

const backend = createBackend({
  services: [
    createServiceFactory({
      service: coreServices.rootConfig,
      deps: {},
      factory: () => new ConfigReader(config),
    }),
  ],
});

backend.add(
  createBackendPlugin({
    pluginId: 'counter',
    register(env) {
      env.registerInit({
        deps: { database: coreServices.database },
        async init({ database }) {
          const knex = await database.getClient();
          if (!(await knex.schema.hasTable('instances'))) {
            await knex.schema.createTable('instances', table => void table.increments('id'));
          }
          await knex('instances').insert({});
          const { filename } = knex.client.config.connection;
          const { length: count } = await knex('instances');
          writeSync(1, `${JSON.stringify({ count, filename })}\n`);
        },
      });
    },
  }),
);

void backend.start();
