// Asks a PostgreSQL server whether it is still working on the queries of silent connections.
import { DeadlinePassed, withDeadline } from '../../../remote/withDeadline';
import type { PgConnection } from './prepareConnection';
import type { SilenceAnswer } from './SilentConnections';

/** How many seconds to wait for a connection. */
const patience = 10;
/** Milliseconds to wait for an answer. */
const answerTimeout = 10_000;

/** `undefined` if inconclusive: a query is lost only if the server says so itself, or if nobody can reach the server. */
export async function askAboutSilence(
  connect: () => Promise<PgConnection>,
  processes: readonly number[],
): Promise<SilenceAnswer | undefined> {
  const connecting = connect();
  try {
    const connection = await connected(connecting);
    if (!connection) return 'unreachable';
    const query = connection.query<{ pid: number; own: boolean }>(atWork(processes));
    const { rows } = await withDeadline(query, answerTimeout);
    // Inconclusive if the server, or whatever acts for it, has no such list.
    if (!rows.some(({ own }) => own)) return undefined;
    const busy = new Set(rows.map(({ pid }) => pid));
    return { isWorking: process => busy.has(process) };
  } catch (error) {
    return isUnreachable(error) ? 'unreachable' : undefined;
  } finally {
    connecting.then(connection => connection.end()).catch(() => {});
  }
}

/** `undefined` if it takes too long. Waits in steps, because this process may be paused, and then finds all timers due. */
async function connected<T>(connecting: Promise<T>): Promise<T | undefined> {
  for (let second = 0; second < patience; second++) {
    try {
      return await withDeadline(connecting, 1_000);
    } catch (error) {
      if (!(error instanceof DeadlinePassed)) throw error;
    }
  }
  return undefined;
}

/** A process whose state the server does not reveal counts as working. */
function atWork(processes: readonly number[]): string {
  return `select pid, pid = pg_backend_pid() as own from pg_stat_activity
    where pid = pg_backend_pid() or (
      pid = any ('{${processes.join()}}'::int[]) and datname = current_database()
      and (state is null or state not like 'idle%')
    )`;
}

/** Whether connecting timed out. A server that refuses connections is alive. */
function isUnreachable(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/.test(code) || message === 'timeout expired';
}
