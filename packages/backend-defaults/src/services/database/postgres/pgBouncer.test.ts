// Databases behind a PgBouncer, which in transaction mode gives each transaction whichever connection is free.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { dropDatabases, PgBouncer } from '@greenroom/testing';
import { randomBytes } from 'node:crypto';
import knexFactory, { type Knex } from 'knex';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { DatabaseConnections } from '../DatabaseConnections';

const server = process.env.GREENROOM_TEST_POSTGRES;
const missing = [
  ...(server ? [] : ['GREENROOM_TEST_POSTGRES, the address of a PostgreSQL server']),
  ...(PgBouncer.isInstalled ? [] : ['pgbouncer, as in Debian’s package of that name']),
];
const title = missing.length > 0 ? ` (needs ${missing.join(' and ')})` : '';

(missing.length > 0 ? describe.skip : describe)(`a PgBouncer${title}`, () => {
  jest.setTimeout(60_000);
  const logger = new MemoryLogger();
  const prefix = `greenroom_bouncer_${randomBytes(4).toString('hex')}_`;
  const migrations = mkdtempSync(join(tmpdir(), 'greenroom-bouncer-'));
  const opened: DatabaseConnections[] = [];
  const bouncers: PgBouncer[] = [];

  beforeAll(() => {
    const up = `await knex.schema.createTable('things', table => table.integer('id'))`;
    const slowly = `exports.up = async knex => { await knex.raw('select pg_sleep(0.3)'); ${up}; }; exports.down = () => {};`;
    writeFileSync(join(migrations, '1_things.js'), slowly);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(connections => connections.close()));
    await Promise.all(bouncers.splice(0).map(bouncer => bouncer.stop()));
    await dropDatabases(prefix);
  });
  afterAll(() => rmSync(migrations, { recursive: true, force: true }));

  async function bounce(mode: 'session' | 'transaction'): Promise<string> {
    await asAdmin(admin => admin.raw('create database ??', [`${prefix}shared`]));
    const bouncer = await PgBouncer.start(server!, { mode });
    bouncers.push(bouncer);
    const url = new URL(bouncer.url);
    url.pathname = `${prefix}shared`;
    return url.href;
  }

  /** As a process of its own would have it. */
  function open(database: JsonObject, pluginId = 'catalog') {
    const connections = new DatabaseConnections(
      new ConfigReader({ backend: { database: { client: 'pg', prefix, ...database } } }),
    );
    opened.push(connections);
    return connections.forPlugin(pluginId, { logger }).getClient();
  }

  async function asAdmin(use: (admin: Knex) => Promise<unknown>) {
    const admin = knexFactory({ client: 'pg', connection: server! });
    await use(admin);
    await admin.destroy();
  }

  it('in transaction mode lets instances migrate one after the other, and the next ones too', async () => {
    const connection = await bounce('transaction');
    for (const round of [1, 2]) {
      const instances = await Promise.all([1, 2, 3].map(() => open({ connection })));
      const migrated = await Promise.all(
        instances.map(knex => knex.migrate.latest({ directory: migrations })),
      );
      expect(migrated.filter(([, made]) => made.length > 0)).toHaveLength(round === 1 ? 1 : 0);
    }
  });

  it.each([
    ['schemas of plugins', { pluginDivisionMode: 'schema' }],
    ['a role', { role: 'postgres' }],
  ])('in transaction mode is refused for %s, which belong to a session', async (_, settings) => {
    const connection = await bounce('transaction');
    await expect(open({ connection, ...settings })).rejects.toMatchObject({
      code: 'GR_DATABASE_POOLED',
      message: expect.stringMatching(
        /^The database of plugin 'catalog' can't be used: .*(pluginDivisionMode: schema|role).*a pooler .* each transaction/,
      ),
      hint: expect.stringContaining('pool_mode'),
    });
  });

  it('in session mode serves both', async () => {
    const connection = await bounce('session');
    const both = { connection, pluginDivisionMode: 'schema', role: 'postgres' };
    const [catalog, search] = await Promise.all(['catalog', 'search'].map(id => open(both, id)));
    await Promise.all(
      [catalog!, search!].map(knex => knex.migrate.latest({ directory: migrations, tableName: 'done' })),
    );
    await catalog!('things').insert({ id: 1 });
    expect(await search!('things').select()).toEqual([]);
  });
});
