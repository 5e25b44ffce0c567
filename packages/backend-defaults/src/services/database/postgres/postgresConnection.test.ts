// Which database and which credentials a plugin gets.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readDatabaseSettings } from '../config';
import { postgresConnection } from './postgresConnection';

const forCatalog = (database: JsonObject) =>
  postgresConnection(
    readDatabaseSettings(
      new ConfigReader({ backend: { database: { client: 'pg', ...database } } }),
      'catalog',
    ),
  );

it('gives a plugin its own database on the shared server', () => {
  expect(forCatalog({ connection: { host: 'h', user: 'u', database: 'admin' } })).toEqual({
    plugin: { host: 'h', user: 'u', database: 'backstage_plugin_catalog' },
    admin: { host: 'h', user: 'u', database: 'admin' },
    databaseToEnsure: 'backstage_plugin_catalog',
  });
  expect(forCatalog({ prefix: 'p_', connection: 'postgres://u:p%40@h:1/?sslmode=require' })).toEqual({
    plugin: 'postgres://u:p%40@h:1/p_catalog?sslmode=require',
    admin: 'postgres://u:p%40@h:1/postgres?sslmode=require',
    databaseToEnsure: 'p_catalog',
  });
});

it('lets a plugin change parts of the shared connection, be it an object or a URL', () => {
  const own = { plugin: { catalog: { connection: { user: 'me', database: 'mine' } } } };
  expect(forCatalog({ connection: { host: 'h', user: 'u' }, ...own })).toMatchObject({
    plugin: { host: 'h', user: 'me', database: 'mine' },
    databaseToEnsure: 'mine',
  });
  expect(forCatalog({ connection: 'postgres://u@h/x', ...own }).plugin).toBe('postgres://me@h/mine');
});

describe('the parts of a URL that a plugin has of its own', () => {
  const own = (base: string, connection: JsonObject) =>
    forCatalog({ connection: base, plugin: { catalog: { connection } } }).plugin;

  it.each([
    [{ host: 'other.example.com', port: 6543 }, 'postgres://u:p@other.example.com:6543/x'],
    [{ user: 'a@b', password: "p/:?'" }, "postgres://a%40b:p%2F%3A%3F'@h:5/x"],
    [{ host: '::1' }, 'postgres://u:p@h:5/x?host=%3A%3A1'],
    [{ host: '/run/pg' }, 'postgres://u:p@h:5/x?host=%2Frun%2Fpg'],
    [{ port: 99999 }, 'postgres://u:p@h:5/x?port=99999'],
  ])('are put into it, or into its query where it does not take them: %j', (connection, url) => {
    expect(own('postgres://u:p@h:5/x', { database: 'x', ...connection })).toBe(url);
  });

  it.each([
    [
      'postgres://u@h/x?host=/run/pg&sslmode=require',
      { host: 'other' },
      'postgres://u@other/x?sslmode=require',
    ],
    ['postgres:///x?host=/run/pg', { user: 'me' }, 'postgres:///x?host=%2Frun%2Fpg&user=me'],
  ])('go before what is in the query of %s: %j', (base, connection, url) => {
    expect(own(base, { database: 'x', ...connection })).toBe(url);
  });

  it('are refused where there is no such part', () => {
    expect(() => own('postgres://u@h/x', { ssl: true })).toThrow(
      'backend.database.plugin.<id>.connection.ssl',
    );
  });
});

it('keeps plugins apart where the URL is one of several options, since the driver believes it before the others', () => {
  const connection = { connectionString: 'postgres://u:p@h:1/admin', ssl: true };
  expect(forCatalog({ connection })).toEqual({
    plugin: {
      connectionString: 'postgres://u:p@h:1/backstage_plugin_catalog',
      ssl: true,
      database: 'backstage_plugin_catalog',
    },
    admin: { connectionString: 'postgres://u:p@h:1/admin', ssl: true, database: 'admin' },
    databaseToEnsure: 'backstage_plugin_catalog',
  });
  const own = { user: 'me', password: 'p2', database: 'mine', ssl: false };
  expect(forCatalog({ connection, plugin: { catalog: { connection: own } } })).toMatchObject({
    plugin: { connectionString: 'postgres://me:p2@h:1/mine', ssl: false },
    databaseToEnsure: 'mine',
  });
  for (const shared of ['postgres://h/x', connection, { host: 'h' }]) {
    const url = { connectionString: 'postgres://other/own' };
    expect(forCatalog({ connection: shared, plugin: { catalog: { connection: url } } })).toMatchObject({
      plugin: url,
      databaseToEnsure: 'own',
    });
  }
  expect(() => forCatalog({ connection: { connectionString: 'u:hunter2@h' } })).toThrow(
    /^(?!.*hunter2).*backend.database.connection is not a URL/,
  );
});

it('does not use the shared connection for another client', () => {
  const { plugin } = forCatalog({
    client: 'better-sqlite3',
    connection: { directory: '/x' },
    plugin: { catalog: { client: 'pg', connection: { host: 'h' } } },
  });
  expect(plugin).toEqual({ host: 'h', database: 'backstage_plugin_catalog' });
});

it('shares one database in schema mode', () => {
  expect(forCatalog({ connection: 'postgres://h/shared', pluginDivisionMode: 'schema' })).toEqual({
    plugin: 'postgres://h/shared',
    admin: 'postgres://h/shared',
  });
});

it('does not repeat a malformed URL, which may hold a password', () => {
  for (const connection of ['user:hunter2@h', 'hunter2@h', 'mysql://u:hunter2@h']) {
    expect(() => forCatalog({ connection })).toThrow(
      /^(?!.*hunter2).*backend.database.connection is not a URL/,
    );
  }
  expect(() => forCatalog({ pluginDivisionMode: 'table' })).toThrow("must be 'database' or 'schema'");
});

it('refuses a text for TLS, by which the driver would wait without saying why', () => {
  expect(() => forCatalog({ connection: { host: 'h', ssl: 'require' } })).toThrow(
    /backend\.database\.connection\.ssl is 'require', and must be true, false or an object/,
  );
  expect(forCatalog({ connection: { host: 'h', ssl: 'no-verify' } }).plugin).toMatchObject({
    ssl: 'no-verify',
  });
});
