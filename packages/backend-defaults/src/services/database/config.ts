// Reads `backend.database`, including what `backend.database.plugin.<id>` changes for one plugin.
import type { Config } from '@backstage/config';
import type { JsonObject, JsonValue } from '@backstage/types';
import { booleanFromText, fromText } from '../../config/fromText';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { isObject } from '../../isObject';
import { pluginSection } from '../../config/pluginSection';
import { readDuration } from '../../config/readDuration';

/** A connection as the driver expects it: a string or an object. */
export type ConnectionConfig = string | JsonObject;

/** The database settings of one plugin. */
export interface PluginDatabaseSettings {
  pluginId: string;
  client: string;
  /** Shared by all plugins. Undefined if the plugin uses another client, or if nothing is configured. */
  baseConnection?: ConnectionConfig;
  /** For this plugin only. */
  ownConnection?: ConnectionConfig;
  /** The keys of passwords that were read as numbers, so that they may differ from what was written. */
  numericPasswords: string[];
  /** Further options for knex, to be merged in this order. */
  knexConfigs: JsonObject[];
  /** Prepended to the plugin id in names of databases. */
  prefix: string;
  divisionMode: 'database' | 'schema';
  ensureExists: boolean;
  ensureSchemaExists: boolean;
  role?: string;
  skipMigrations: boolean;
  /** The maximum number of connections that the plugin may use at a time. */
  connectionLimit: number;
  /** How long to wait for a lost server, in milliseconds. */
  reconnectTimeout: number;
}

const defaultConnectionLimit = 10;
const defaultReconnectTimeout = 5_000;

/** Reads the settings of a plugin. Default: SQLite in memory. */
export function readDatabaseSettings(config: Config, pluginId: string): PluginDatabaseSettings {
  const base = config.getOptionalConfig('backend.database');
  const own = pluginSection(base, 'plugin', pluginId);
  const both = <T>(read: (level: Config) => T | undefined): T | undefined =>
    (own && read(own)) ?? (base && read(base));

  const baseClient = base?.getOptionalString('client') ?? 'better-sqlite3';
  const client = own?.getOptionalString('client') ?? baseClient;
  const ownKey = `backend.database.plugin.${pluginId}`;
  const sharedBase = client === baseClient ? base : undefined;
  return {
    pluginId,
    client,
    baseConnection: readConnection(sharedBase, 'backend.database'),
    ownConnection: readConnection(own, ownKey),
    numericPasswords: [...numericPassword(sharedBase, 'backend.database'), ...numericPassword(own, ownKey)],
    knexConfigs: [base, own].flatMap(level => {
      const knexConfig = level?.getOptionalConfig('knexConfig')?.get<JsonObject>();
      return knexConfig ? [readKnexConfig(knexConfig)] : [];
    }),
    prefix: both(level => level.getOptionalString('prefix')) ?? 'backstage_plugin_',
    divisionMode: readDivisionMode(both(level => level.getOptionalString('pluginDivisionMode'))),
    ensureExists: both(level => level.getOptionalBoolean('ensureExists')) ?? true,
    ensureSchemaExists: both(level => level.getOptionalBoolean('ensureSchemaExists')) ?? true,
    role: both(level => level.getOptionalString('role')),
    skipMigrations: both(level => level.getOptionalBoolean('skipMigrations')) ?? false,
    connectionLimit: readLimit(both(level => level.getOptionalNumber('connectionLimit'))),
    reconnectTimeout: readDuration(config, 'backend.database.reconnectTimeout') ?? defaultReconnectTimeout,
  };
}

function readLimit(limit = defaultConnectionLimit): number {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new InvalidConfigValueError('backend.database.connectionLimit', 'must be a whole number above 0');
  }
  return limit;
}

function readConnection(level: Config | undefined, key: string): ConnectionConfig | undefined {
  const value: JsonValue | undefined = level?.getOptional('connection');
  if (value === undefined || typeof value === 'string') return value;
  if (!isObject(value)) {
    throw new InvalidConfigValueError(`${key}.connection`, 'must be a string or an object');
  }
  // To the driver any text is true, and a number is no password. One of digits without quotes is a number, and so are 007
  // and 1e3, whose text nobody knows by now: see `numericPasswords`. Others than whole, exact numbers are left to the
  // driver, which says what is wrong, as digits were surely lost.
  const { ssl, keepAlive, password } = value;
  return {
    ...value,
    ...(Number.isSafeInteger(password) && { password: String(password) }),
    ...(ssl !== undefined && { ssl: isObject(ssl) ? eachOf(ssl, booleanFromText) : booleanFromText(ssl) }),
    ...(keepAlive !== undefined && { keepAlive: booleanFromText(keepAlive) }),
  };
}

function numericPassword(level: Config | undefined, key: string): string[] {
  const connection: JsonValue | undefined = level?.getOptional('connection');
  return isObject(connection) && Number.isSafeInteger(connection.password)
    ? [`${key}.connection.password`]
    : [];
}

// Not lodash, which a start loads later.
function eachOf(values: JsonObject, read: (value?: JsonValue) => JsonValue | undefined): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, read(value)]));
}

/** The pool's options are all numbers and booleans, and it refuses numbers that are text. */
function readKnexConfig(knexConfig: JsonObject): JsonObject {
  const { pool } = knexConfig;
  return { ...eachOf(knexConfig, booleanFromText), ...(isObject(pool) && { pool: eachOf(pool, fromText) }) };
}

function readDivisionMode(mode = 'database'): 'database' | 'schema' {
  if (mode !== 'database' && mode !== 'schema') {
    throw new InvalidConfigValueError(
      'backend.database.pluginDivisionMode',
      `is '${mode}', and must be 'database' or 'schema'`,
    );
  }
  return mode;
}
