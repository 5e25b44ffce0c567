// An instance of a plugin that migrates its database with knex's own means, in a process that a test can kill in the middle.
import { ConfigReader } from '@backstage/config';
import type { Knex } from 'knex';
import { writeSync } from 'node:fs';
import { DatabaseConnections } from '../../services/database/DatabaseConnections';
import { MemoryLogger } from '../../testing/MemoryLogger';

const { database, hang, transaction } = JSON.parse(process.argv[2]!);
const logger = new MemoryLogger();
const connections = new DatabaseConnections(new ConfigReader({ backend: { database } }));
const say = (what: string) => writeSync(1, `${what}\n`);

const migrations: Record<string, Knex.Migration & { config?: { transaction: boolean } }> = {
  first: {
    async up(knex) {
      await knex.schema.createTable('first', table => table.integer('id'));
    },
    async down() {},
  },
  second: {
    config: { transaction },
    async up(knex) {
      // One without a transaction has to bear that a part of it was done before.
      await knex.raw('create table if not exists second (id integer)');
      say('in the middle');
      if (hang) await new Promise(() => setInterval(() => {}, 1_000));
    },
    async down() {},
  },
};

async function main(): Promise<void> {
  const knex = await connections.forPlugin('migrating', { logger }).getClient();
  const [, applied] = await knex.migrate.latest({
    migrationSource: {
      getMigrations: async () => Object.keys(migrations),
      getMigrationName: (name: string) => name,
      getMigration: async (name: string) => migrations[name]!,
    },
  });
  say(`applied ${applied.join(' ') || 'nothing'}`);
  logger.entries.forEach(({ level, message }) => say(`${level} ${message}`));
  await connections.close();
}

void main();
