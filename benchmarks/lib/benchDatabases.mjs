// The databases of a run: SQLite files, and PostgreSQL databases with a common prefix, removed when the run ends.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const postgres = process.env.GREENROOM_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const variable = 'GREENROOM_BENCH_RUN';

/** How titles refer to the databases, by the names that scenarios use. */
export const databaseLabels = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

/** Creates the folder of this run. Samples run in separate processes, and find it through their environment. */
export function beginRun() {
  process.env[variable] = mkdtempSync(join(tmpdir(), 'greenroom-bench-run-'));
}

/** The folder in which samples of this run store what others reuse. */
export function runFolder() {
  return process.env[variable];
}

/** Removes everything that the run left behind. */
export async function endRun() {
  const folder = runFolder();
  rmSync(folder, { recursive: true, force: true });
  for (const name of await databasesOf(prefixOfRun()).catch(() => [])) {
    await withPostgres(client => client.query(`drop database "${name}" with (force)`));
  }
}

/** A new database, as a value for `backend.database`: in a file, or on the server. */
export function createDatabase(kind) {
  const id = randomBytes(4).toString('hex');
  if (kind === 'postgres') return { client: 'pg', connection: postgres, prefix: `${prefixOfRun()}${id}_` };
  const directory = join(runFolder(), id);
  mkdirSync(directory);
  return { client: 'better-sqlite3', connection: { directory } };
}

/** Makes PostgreSQL gather its statistics, which it would otherwise do by itself within minutes. */
export async function gatherStatistics({ client, prefix }) {
  if (client !== 'pg') return;
  for (const name of await databasesOf(prefix)) {
    await withPostgres(own => own.query('vacuum analyze'), name);
  }
}

/** Whether there is a PostgreSQL server: the one in `GREENROOM_TEST_POSTGRES`, or one on this machine. */
export async function hasPostgres() {
  try {
    await withPostgres(client => client.query('select 1'));
    return true;
  } catch {
    return false;
  }
}

function prefixOfRun() {
  return `greenroom_bench_${runFolder().slice(-6).toLowerCase()}_`;
}

async function databasesOf(prefix) {
  const { rows } = await withPostgres(client =>
    client.query('select datname from pg_database where starts_with(datname, $1)', [prefix]),
  );
  return rows.map(({ datname }) => datname);
}

async function withPostgres(use, database) {
  // Imported here, because scenarios are loaded before the peers are installed.
  const { default: pg } = await import('pg');
  const url = new URL(postgres);
  if (database) url.pathname = database;
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
