// Determines how to connect to a plugin's PostgreSQL database, and to the one from which it can be created.
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { InvalidConfigValueError } from '../../../config/InvalidConfigValueError';
import type { ConnectionConfig, PluginDatabaseSettings } from '../config';

/** The connections for one plugin. */
export interface PostgresConnection {
  plugin: Knex.StaticConnectionConfig | string;
  /** To a database that always exists. */
  admin: Knex.StaticConnectionConfig | string;
  /** The database to create if it does not exist; undefined if the plugin uses one that must exist. */
  databaseToEnsure?: string;
}

/**
 * In mode `database` each plugin gets its own database, `<prefix><pluginId>`, unless the plugin's connection names
 * one. In mode `schema` all plugins share the database that the connection names.
 */
export function postgresConnection(settings: PluginDatabaseSettings): PostgresConnection {
  const { pluginId, prefix, divisionMode, baseConnection = {}, ownConnection } = settings;
  const merged = combine(baseConnection, ownConnection);
  const ownDatabase = ownConnection === undefined ? undefined : databaseOf(ownConnection);
  const adminDatabase = databaseOf(baseConnection) ?? 'postgres';
  if (divisionMode === 'schema') {
    return { plugin: toKnex(merged), admin: toKnex(merged) };
  }
  const database = ownDatabase ?? `${prefix}${pluginId}`;
  return {
    plugin: toKnex(change(merged, { database })),
    admin: toKnex(change(merged, { database: adminDatabase })),
    databaseToEnsure: database,
  };
}

function combine(base: ConnectionConfig, own: ConnectionConfig | undefined): ConnectionConfig {
  if (own === undefined) return base;
  if (typeof own === 'string') return own;
  return typeof base === 'string' && urlIn(own) !== undefined ? own : change(base, own);
}

/** The name of the database that a connection leads to. */
export function databaseOf(connection: ConnectionConfig | Knex.StaticConnectionConfig): string | undefined {
  const url = urlIn(connection as ConnectionConfig);
  if (url !== undefined) {
    return decodeURIComponent(parseUrl(url).pathname.slice(1)) || undefined;
  }
  const { database } = connection as JsonObject;
  return typeof database === 'string' ? database : undefined;
}

function urlIn(connection: ConnectionConfig): string | undefined {
  if (typeof connection === 'string') return connection;
  const { connectionString } = connection;
  return typeof connectionString === 'string' ? connectionString : undefined;
}

type PartOfUrl = 'pathname' | 'hostname' | 'port' | 'username' | 'password';

const partsOfUrl = new Map<string, [part: PartOfUrl, write: (text: string) => string]>([
  ['database', ['pathname', text => `/${encodeURIComponent(text)}`]],
  ['host', ['hostname', text => text]],
  ['port', ['port', text => text]],
  ['user', ['username', encodeURIComponent]],
  ['password', ['password', encodeURIComponent]],
]);

function change(connection: ConnectionConfig, changes: JsonObject): ConnectionConfig {
  if (typeof connection === 'string') return applyToUrl(connection, changes);
  const changed = { ...connection, ...changes };
  const url = urlIn(connection);
  if (url === undefined || changed.connectionString !== url) return changed;
  // For the driver, the URL takes precedence over the options next to it.
  const inUrl = Object.entries(changes).filter(([key]) => partsOfUrl.has(key));
  return { ...changed, connectionString: applyToUrl(url, Object.fromEntries(inUrl)) };
}

function applyToUrl(base: string, changes: JsonObject): string {
  const url = parseUrl(base);
  for (const [key, value] of Object.entries(changes)) {
    const known = partsOfUrl.get(key);
    if (!known) {
      throw new InvalidConfigValueError(
        `backend.database.plugin.<id>.connection.${key}`,
        "can't be combined with a backend.database.connection that is a string",
        { hint: 'Write backend.database.connection as an object.' },
      );
    }
    const [part, write] = known;
    const text = write(String(value));
    url[part] = text;
    // A URL ignores values that it can't hold, such as a socket path. For the driver, the query takes precedence.
    if (url[part] !== text) url.searchParams.set(key, String(value));
    else if (url.searchParams.has(key)) url.searchParams.delete(key);
  }
  return url.href;
}

function parseUrl(connection: string): URL {
  const url = URL.canParse(connection) ? new URL(connection) : undefined;
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    // The text is not part of the message, because it may contain a password.
    throw new InvalidConfigValueError(
      'backend.database.connection',
      "is not a URL such as 'postgres://user@host:5432/name'",
      {
        hint: 'Correct it, or use an object with host, port, user and password.',
      },
    );
  }
  return url;
}

// Values are passed on as configured, so the driver checks their types.
function toKnex(connection: ConnectionConfig): Knex.StaticConnectionConfig | string {
  const { ssl } = typeof connection === 'string' ? {} : connection;
  // For any other text the driver requests TLS and then waits forever.
  if (typeof ssl === 'string' && ssl !== 'no-verify') {
    throw new InvalidConfigValueError(
      'backend.database.connection.ssl',
      `is '${ssl}', and must be true, false or an object with ca, cert and key`,
    );
  }
  return connection as Knex.StaticConnectionConfig | string;
}
