// The databases of one run: SQLite files and PostgreSQL databases under one name, which go when the run ends.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const postgres = process.env.GREENROOM_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const variable = 'GREENROOM_BENCH_RUN';

/** How the databases are called in titles, by the names that scenarios use. */
export const databaseLabels = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

/** Opens the folder of this run, which samples, processes of their own, find through their environment. */
export function beginRun() {
  process.env[variable] = mkdtempSync(join(tmpdir(), 'greenroom-bench-run-'));
}

/** Where samples of this run leave what others of it use again. */
export function runFolder() {
  return process.env[variable];
}

/** Removes all that the run left. */
export async function endRun() {
  const folder = runFolder();
  rmSync(folder, { recursive: true, force: true });
  for (const name of await databasesOf(prefixOfRun()).catch(() => [])) {
    await withPostgres(client => client.query(`drop database "${name}" with (force)`));
  }
}

/** A database that nobody has used yet, as `backend.database` has it; in a file, or on the server. */
export function createDatabase(kind) {
  const id = randomBytes(4).toString('hex');
  if (kind === 'postgres') return { client: 'pg', connection: postgres, prefix: `${prefixOfRun()}${id}_` };
  const directory = join(runFolder(), id);
  mkdirSync(directory);
  return { client: 'better-sqlite3', connection: { directory } };
}

/** Has PostgreSQL gather its statistics, as it does by itself within minutes where it is not told otherwise. */
export async function gatherStatistics({ client, prefix }) {
  if (client !== 'pg') return;
  for (const name of await databasesOf(prefix)) {
    await withPostgres(own => own.query('vacuum analyze'), name);
  }
}

/** Whether there is a PostgreSQL server: the one that `GREENROOM_TEST_POSTGRES` names, or one on this machine. */
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
  // Here, because the scenarios are read before the peers are installed.
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
