// The databases that the tests of this plugin run on.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { DatabaseConnections } from '@greenroom/backend-defaults/database';
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';

const postgres = process.env.GREENROOM_TEST_POSTGRES;
const silent = { error() {}, warn() {}, info() {}, debug() {}, child: () => silent };

/** A name for the test report, and what opens an empty database; the second result removes it again. */
export const testDatabases: Array<[string, () => Promise<{ knex: Knex; remove: () => Promise<void> }>]> = [
  ['SQLite', openSqlite],
  ...(postgres ? [['PostgreSQL', () => openPostgres(postgres)] as [string, typeof openSqlite]] : []),
];

async function openSqlite() {
  const { knex, close } = await open('catalog', {});
  return { knex, remove: close };
}

async function openPostgres(connection: string) {
  const schema = `catalog_test_${randomUUID().replaceAll('-', '')}`;
  const { knex, close } = await open(schema, { client: 'pg', connection, pluginDivisionMode: 'schema' });
  return {
    knex,
    async remove() {
      await knex.raw('DROP SCHEMA ?? CASCADE', [schema]);
      await close();
    },
  };
}

async function open(pluginId: string, database: JsonObject) {
  const connections = new DatabaseConnections(new ConfigReader({ backend: { database } }));
  const knex = await connections.forPlugin(pluginId, { logger: silent }).getClient();
  return { knex, close: () => connections.close() };
}
