// What is said to do where PostgreSQL refuses, and that a password or an authority may change while the backend runs.
import { type Config, ConfigReader } from '@backstage/config';
import type { JsonObject, JsonValue } from '@backstage/types';
import knexFactory, { type Knex } from 'knex';
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { PrivatePostgres } from '../../../testing/PrivatePostgres';
import { selfSignedCertificate } from '../../../testing/selfSignedCertificate';
import { ReloadableConfig } from '../../rootConfig/ReloadableConfig';
import { DatabaseConnections } from '../DatabaseConnections';
import { postgresHint } from './postgresHint';

it.each([
  ['connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'],
  ['getaddrinfo ENOTFOUND db.example.com', 'ENOTFOUND'],
  ['connect ETIMEDOUT 10.0.0.1:5432', 'ETIMEDOUT'],
])('asks for the address and the server where none answers: %s', (message, code) => {
  expect(postgresHint(Object.assign(new Error(message), { code }))).toBe(
    'Check host and port in backend.database.connection, and that the server runs.',
  );
});

it('says how an existing database can be used where the server refuses for another reason', () => {
  const error = Object.assign(new Error('template database is being accessed'), { code: '55006' });
  expect(postgresHint(error)).toContain('with ensureExists: false an existing database is used as it is');
});

const title = PrivatePostgres.isInstalled ? '' : ' (needs PostgreSQL in /usr/lib/postgresql)';

(PrivatePostgres.isInstalled ? describe : describe.skip)(`a PostgreSQL${title}`, () => {
  const logger = new MemoryLogger();
  const tls = selfSignedCertificate();
  const opened: DatabaseConnections[] = [];
  let server: PrivatePostgres;
  let admin: Knex;
  let base: JsonObject;

  beforeAll(async () => {
    server = await PrivatePostgres.start({ tls });
    admin = knexFactory({ client: 'pg', connection: server.url });
    await admin.raw(`create role app login password 'first'`);
    await admin.raw('create database app_data');
    base = { host: '127.0.0.1', port: server.port, user: 'app', password: 'first', database: 'app_data' };
  }, 60_000);
  afterEach(() => Promise.all(opened.splice(0).map(connections => connections.close())));
  afterAll(async () => {
    await admin.destroy();
    server.remove();
  });

  function open(config: Config) {
    const connections = new DatabaseConnections(config);
    opened.push(connections);
    return connections.forPlugin('catalog', { logger }).getClient();
  }
  const configOf = (database: JsonObject) =>
    new ConfigReader({ backend: { database: { client: 'pg', ...database } } });

  const loaded = (data: JsonObject) => ({
    sources: [{ context: 'app-config.yaml', data }],
    secrets: new Set<string>(),
    files: new Set<string>(),
  });

  it.each([
    ['whose certificate nobody vouches for', { ssl: true }, {}, 'ssl.ca'],
    ['that has another name', { ssl: { ca: tls.cert } }, {}, 'servername'],
    ['that does not take the password', { password: 'other' }, {}, 'Check user and password'],
    ['that gets no password', { password: undefined }, {}, 'Check user and password'],
    ['that lets nobody make databases', {}, {}, 'alter role USER createdb'],
    ['that lets nobody make schemas', {}, { pluginDivisionMode: 'schema' }, 'grant create on database'],
    ['without the database', { database: 'none' }, { pluginDivisionMode: 'schema' }, 'Create that database'],
  ])('%s is refused with what to do', async (_, changes, settings, hint) => {
    const connection = { ...base, ...changes } as JsonObject;
    await expect(open(configOf({ connection, ...settings }))).rejects.toMatchObject({
      code: 'GR_DATABASE_CONNECT',
      hint: expect.stringContaining(hint),
    });
  });

  it('is reached by TLS with the certificate of its authority', async () => {
    const ssl = { ca: tls.cert, servername: 'localhost' };
    await admin.raw('grant create on database app_data to app');
    const knex = await open(
      configOf({ connection: { ...base, host: 'localhost', ssl }, pluginDivisionMode: 'schema' }),
    );
    const { rows } = await knex.raw('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    expect(rows).toEqual([{ ssl: true }]);
  });

  it('is connected to by the authority that the configuration has by then', async () => {
    await admin.raw(`alter role app password 'first'; grant create on database app_data to app`);
    const databaseOf = (ca: string) => {
      const connection = { ...base, host: 'localhost', ssl: { ca, servername: 'localhost' } };
      return { backend: { database: { client: 'pg', connection, pluginDivisionMode: 'schema' } } };
    };
    const config = new ReloadableConfig(loaded(databaseOf(tls.cert)));
    const knex = await open(config);
    // Keeps its connection, so that others have to be made.
    const transaction = await knex.transaction();
    await transaction.raw('select 1');
    config.replace(loaded(databaseOf(selfSignedCertificate().cert)));
    await expect(knex.raw('select 1')).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    config.replace(loaded(databaseOf(tls.cert)));
    expect((await knex.raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await transaction.rollback();
  });

  it.each(['object', 'url', 'url among options'])(
    'is reached with a password that was changed while the backend runs, given as an %s',
    async form => {
      await admin.raw(`alter role app password 'first'; grant create on database app_data to app`);
      const connectionOf = (password: string): JsonValue => {
        if (form === 'object') return { ...base, password };
        const url = `postgres://app:${password}@127.0.0.1:${server.port}/app_data`;
        return form === 'url' ? url : { connectionString: url };
      };
      const databaseOf = (password: string) => ({
        backend: {
          database: { client: 'pg', connection: connectionOf(password), pluginDivisionMode: 'schema' },
        },
      });
      const config = new ReloadableConfig(loaded(databaseOf('first')));
      const knex = await open(config);
      await admin.raw(`alter role app password 'second'`);
      await admin.raw(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'`);
      config.replace(loaded(databaseOf('second')));
      const { rows } = await knex.raw('select current_user as name');
      expect(rows).toEqual([{ name: 'app' }]);
      if (form !== 'url among options') {
        expect(JSON.stringify(knex.client.connectionSettings)).not.toMatch(/first|second/);
      }
    },
  );
});
