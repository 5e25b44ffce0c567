// Every setting of the databases: for all plugins, and changed for one.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readDatabaseSettings } from './config';

const read = (database?: JsonObject, pluginId = 'catalog') =>
  readDatabaseSettings(new ConfigReader(database ? { backend: { database } } : {}), pluginId);

const defaults = {
  pluginId: 'catalog',
  client: 'better-sqlite3',
  numericPasswords: [],
  knexConfigs: [],
  prefix: 'backstage_plugin_',
  divisionMode: 'database',
  ensureExists: true,
  ensureSchemaExists: true,
  skipMigrations: false,
  connectionLimit: 10,
  reconnectTimeout: 5_000,
};

const shared: JsonObject = {
  client: 'pg',
  connection: { host: 'shared' },
  knexConfig: { debug: true },
  prefix: 'shared_',
  pluginDivisionMode: 'schema',
  ensureExists: false,
  ensureSchemaExists: false,
  role: 'shared-role',
  skipMigrations: true,
  connectionLimit: 5,
  reconnectTimeout: '1s',
};

it('has defaults', () => {
  expect(read()).toEqual(defaults);
});

it('takes what is set for all plugins', () => {
  expect(read(shared)).toEqual({
    pluginId: 'catalog',
    client: 'pg',
    baseConnection: { host: 'shared' },
    numericPasswords: [],
    knexConfigs: [{ debug: true }],
    prefix: 'shared_',
    divisionMode: 'schema',
    ensureExists: false,
    ensureSchemaExists: false,
    role: 'shared-role',
    skipMigrations: true,
    connectionLimit: 5,
    reconnectTimeout: 1_000,
  });
});

it.each<[JsonObject, object]>([
  [{ client: 'better-sqlite3' }, { client: 'better-sqlite3', baseConnection: undefined }],
  [{ connection: { host: 'own' } }, { baseConnection: { host: 'shared' }, ownConnection: { host: 'own' } }],
  [{ knexConfig: { debug: false } }, { knexConfigs: [{ debug: true }, { debug: false }] }],
  [{ prefix: 'own_' }, { prefix: 'own_' }],
  [{ pluginDivisionMode: 'database' }, { divisionMode: 'database' }],
  [{ ensureExists: true }, { ensureExists: true }],
  [{ ensureSchemaExists: true }, { ensureSchemaExists: true }],
  [{ role: 'own-role' }, { role: 'own-role' }],
  [{ skipMigrations: false }, { skipMigrations: false }],
  [{ connectionLimit: 7 }, { connectionLimit: 7 }],
])('lets one plugin have %j, and no other', (own, expected) => {
  const database = { ...shared, plugin: { catalog: own } };
  expect(read(database)).toEqual({ ...read(shared), ...expected });
  expect(read(database, 'search')).toEqual({ ...read(shared), pluginId: 'search' });
});

it('takes switches and numbers as variables have them, and leaves all other text alone', () => {
  const ssl = { rejectUnauthorized: 'false', passphrase: '1' };
  const connection = { host: 'db', port: '5432', password: 'true', ssl, keepAlive: 'false' };
  const pool = { min: '0', max: ' 4', propagateCreateError: 'true' };
  const knexConfig = { version: '9', debug: 'false', pool };
  expect(read({ client: 'pg', connection, knexConfig })).toMatchObject({
    baseConnection: {
      ...connection,
      ssl: { rejectUnauthorized: false, passphrase: '1' },
      keepAlive: false,
    },
    knexConfigs: [{ version: '9', debug: false, pool: { min: 0, max: 4, propagateCreateError: true } }],
  });
  for (const given of ['true', 'false', 'no-verify']) {
    const { ssl: taken } = read({ connection: { ssl: given } }).baseConnection as JsonObject;
    expect(taken).toBe({ true: true, false: false }[given] ?? given);
  }
});

it('takes a password of digits, which is a number in a variable of its own', () => {
  const { baseConnection, numericPasswords } = read({
    connection: { password: 456 },
    plugin: { catalog: { connection: { password: 7 } }, other: { connection: { password: 8 } } },
  });
  expect(baseConnection).toEqual({ password: '456' });
  // What was written, such as 007, is not known.
  expect(numericPasswords).toEqual([
    'backend.database.connection.password',
    'backend.database.plugin.catalog.connection.password',
  ]);
  expect(read({ connection: { password: '456' } }).numericPasswords).toEqual([]);
  // The driver says that these are no text, as they have lost digits: another password would only be wrong.
  for (const password of [JSON.parse('12345678901234567890'), JSON.parse('1.50')]) {
    expect(read({ connection: { password } }).baseConnection).toEqual({ password });
  }
});

it('names the whole key of a wrong duration', () => {
  expect(() => read({ reconnectTimeout: 'soon' })).toThrow('value backend.database.reconnectTimeout is not');
});
