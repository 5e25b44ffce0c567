// Opens PostgreSQL databases: one database per plugin, or one schema per plugin in a shared database.
import type { Knex } from 'knex';
import merge from 'lodash/merge.js';
import { askAboutSilence } from './askAboutSilence';
import type { ConnectionConfig, PluginDatabaseSettings } from '../config';
import type { MakeKnex, PlanDatabase } from '../DatabasePlan';
import { DatabaseConnectionError, DatabasePooledError } from '../databaseErrors';
import { followConfig } from './followConfig';
import { keepsSession } from './keepsSession';
import { knexMessages } from '../knexMessages';
import { loadDriver } from '../loadDriver';
import { postgresMigrationLock } from '../migrationLocks';
import { databaseOf, postgresConnection, type PostgresConnection } from './postgresConnection';
import { postgresHint } from './postgresHint';
import { type PgConnection, preparationTimeout, prepareConnection, preparing } from './prepareConnection';
import type { SilentConnections, WatchedDatabase } from './SilentConnections';

const poolDefaults = { min: 0, max: 20 };

/** The part of knex's client that is used here. It is undocumented, so each release may lack it. */
type PostgresClient = Partial<
  Record<
    'checkVersion' | 'setSchemaSearchPath',
    (connection: PgConnection, ...more: unknown[]) => Promise<unknown>
  >
>;

/** Plans a database for the client `pg`. */
export const planPostgres: PlanDatabase = async (settings, logger, current, silent) => {
  const { client, pluginId, role, knexConfigs } = settings;
  const knex = await loadDriver(client, pluginId);
  const makeKnex: MakeKnex = config => {
    const made = knex({ client, ...knexMessages(logger), ...config });
    limitPreparation(made.client, silent);
    made.client.connectionSettings = followConfig(
      withDefaults(made.client.connectionSettings),
      () => postgresConnection(current()).plugin as ConnectionConfig,
    );
    return made;
  };
  const connection = postgresConnection(settings);
  const schema = settings.divisionMode === 'schema' ? pluginId : undefined;
  const name = databaseOf(connection.plugin) ?? pluginId;
  const ask = (processes: number[]) =>
    // A given version saves the query for it.
    withClient(
      config => makeKnex({ ...config, version: '0' }),
      connection.plugin,
      asking => askAboutSilence(() => asking.client.acquireRawConnection(), processes),
    );
  const { keepAlive } = connection.plugin as { keepAlive?: unknown };
  const watched: WatchedDatabase = { name, logger, ask };
  const watch = (made: PgConnection, pid?: number) => {
    // A pooler invents a number, and uses a different process for each transaction.
    if (keepAlive !== false) silent.watch(made, watched, pid === made.processID ? pid : undefined);
  };
  const poolConfig: Knex.Config = {
    connection: connection.plugin,
    pool: { ...poolDefaults, afterCreate: prepareConnection({ role, logger, watch, silent }) },
  };
  return {
    name,
    poolKey: JSON.stringify([client, connection.plugin, role, knexConfigs]),
    makeKnex,
    poolConfig: merge(poolConfig, ...knexConfigs),
    clientConfig: merge(schema ? { searchPath: [schema] } : {}, ...knexConfigs),
    schema,
    ensureExists: () => ensureExists(makeKnex, settings, connection),
    migrationLock: postgresMigrationLock(schema, watch),
    whenOutOfReach: listener => (watched.onOutOfReach = listener),
    logger,
    isConnectionLoss,
    isUnavailable: error => isConnectionLoss(error) || codeOf(error).startsWith('53'),
    isReadOnly: error => codeOf(error) === '25006',
  };
};

/**
 * A vanished server sends nothing, so the system probes it and gives up after twenty seconds. Connecting times out
 * before the pool gives up, because the pool would take itself for full.
 */
const connectionDefaults = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: 20_000,
};

/** Assigns to the existing object, which hides the password from enumeration. */
function withDefaults<T extends object>(settings: T): T {
  for (const [key, value] of Object.entries(connectionDefaults)) {
    if (!(key in settings)) Object.assign(settings, { [key]: value });
  }
  return settings;
}

/** Limits what knex itself does with a new connection: it asks the first one for the version, and may set the search path. */
function limitPreparation(client: PostgresClient, silent: SilentConnections): void {
  for (const step of ['checkVersion', 'setSchemaSearchPath'] as const) {
    const prepare = client[step]?.bind(client);
    if (!prepare) continue;
    client[step] = (connection, ...more) => preparing(connection, prepare(connection, ...more), silent);
  }
}

const codeOf = (error: unknown) => String((error as { code?: unknown }).code ?? '');

/**
 * PostgreSQL's classes for lost connections, for a server that starts or stops, and for a server without free
 * connections; the system's socket errors; and the driver's errors that have no code.
 */
function isConnectionLoss(error: unknown): boolean {
  const { message = '', errors } = error as { message?: string; errors?: unknown[] };
  return (
    /^(08...|53300|57P0[123]|ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/.test(
      codeOf(error),
    ) ||
    // The message follows the statement if a statement failed.
    /(^|- )(Connection terminated\b.*|timeout expired|Client has encountered a connection error and is not queryable)$/.test(
      message,
    ) ||
    (Array.isArray(errors) && errors.some(isConnectionLoss))
  );
}

async function ensureExists(
  makeKnex: MakeKnex,
  settings: PluginDatabaseSettings,
  connection: PostgresConnection,
): Promise<void> {
  try {
    await ensureDatabase(makeKnex, settings, connection);
    await assertSessions(makeKnex, settings, connection);
    await ensureSchema(makeKnex, settings, connection);
  } catch (cause) {
    if (cause instanceof DatabasePooledError) throw cause;
    throw new DatabaseConnectionError({
      pluginId: settings.pluginId,
      what: `PostgreSQL did not give access to ${describe(settings, connection)}`,
      hint: postgresHint(cause),
      cause,
    });
  }
}

async function ensureDatabase(
  makeKnex: MakeKnex,
  settings: PluginDatabaseSettings,
  { admin, databaseToEnsure: name }: PostgresConnection,
): Promise<void> {
  if (!settings.ensureExists || name === undefined) return;
  const isThere = 'select 1 from pg_database where datname = ?';
  const [create, owner] = ['create database ??', 'owner'];
  await withClient(makeKnex, admin, client =>
    ensure(client, name, settings.role, { isThere, create, owner }),
  );
}

/** Behind a pooler, statements of one plugin would end up in another plugin's schema. */
async function assertSessions(
  makeKnex: MakeKnex,
  { divisionMode, pluginId, role }: PluginDatabaseSettings,
  { plugin }: PostgresConnection,
): Promise<void> {
  const setting = divisionMode === 'schema' ? 'pluginDivisionMode: schema' : role && 'role';
  if (!setting) return;
  await withClient(makeKnex, plugin, async ({ client }) => {
    if (!(await keepsSession(() => client.acquireRawConnection()))) {
      throw new DatabasePooledError({ pluginId, setting });
    }
  });
}

async function ensureSchema(
  makeKnex: MakeKnex,
  settings: PluginDatabaseSettings,
  { plugin }: PostgresConnection,
): Promise<void> {
  if (settings.divisionMode !== 'schema' || !settings.ensureSchemaExists) {
    return;
  }
  const { pluginId, role } = settings;
  const isThere = 'select 1 from information_schema.schemata where schema_name = ?';
  const [create, owner] = ['create schema if not exists ??', 'authorization'];
  await withClient(makeKnex, plugin, client => ensure(client, pluginId, role, { isThere, create, owner }));
}

/** Creates it if it does not exist, owned by `role` if one is given. */
async function ensure(
  client: Knex,
  name: string,
  role: string | undefined,
  { isThere, create, owner }: { isThere: string; create: string; owner: string },
): Promise<void> {
  const { rows } = await client.raw(isThere, [name]).timeout(preparationTimeout);
  if (rows.length > 0) return;
  try {
    await (role ? client.raw(`${create} ${owner} ??`, [name, role]) : client.raw(create, [name]));
  } catch (error) {
    // Another instance that starts at the same moment may have created it first.
    if (!['42P04', '42P06', '23505'].includes(codeOf(error))) throw error;
  }
}

async function withClient<T>(
  makeKnex: MakeKnex,
  connection: PostgresConnection['admin'],
  use: (client: Knex) => Promise<T>,
): Promise<T> {
  const knex = makeKnex({ connection, pool: { min: 0, max: 1 } });
  try {
    return await use(knex);
  } finally {
    await knex.destroy();
  }
}

function describe(settings: PluginDatabaseSettings, { databaseToEnsure }: PostgresConnection): string {
  if (settings.divisionMode === 'schema') {
    return `schema '${settings.pluginId}'`;
  }
  return databaseToEnsure === undefined ? 'the configured database' : `database '${databaseToEnsure}'`;
}
