// Asks a PostgreSQL server whether it is at the queries of connections that are silent.
import { withDeadline } from '../../remote/withDeadline';
import type { SilenceAnswer } from './SilentConnections';

/** The part of a pg connection that is used here. */
export interface AskingConnection {
  query(sql: string): Promise<{ rows: Array<{ pid: number; own: boolean }> }>;
  end(): Promise<void>;
}

/** Milliseconds that a server may take for a connection, which is more than the driver lets it have, and for an answer. */
const connectTimeout = 30_000;
const answerTimeout = 10_000;

/** `undefined` where that tells nothing: only a server that nobody reaches, or that says so itself, has lost what it was sent. */
export async function askAboutSilence(
  connect: () => Promise<AskingConnection>,
  processes: readonly number[],
): Promise<SilenceAnswer | undefined> {
  const connecting = connect();
  try {
    const connection = await withDeadline(connecting, connectTimeout);
    const { rows } = await withDeadline(connection.query(atWork(processes)), answerTimeout);
    // Not where the server, or whatever stands for it, has no such list.
    if (!rows.some(({ own }) => own)) return undefined;
    const busy = new Set(rows.map(({ pid }) => pid));
    return {
      what: 'the server is at no query of theirs',
      isLost: process => process !== undefined && !busy.has(process),
    };
  } catch (error) {
    if (!isUnreachable(error)) return undefined;
    return { what: 'nor does the server take new ones', isLost: () => true };
  } finally {
    connecting.then(connection => connection.end()).catch(() => {});
  }
}

/** What a server does not tell of its processes counts as work. */
function atWork(processes: readonly number[]): string {
  return `select pid, pid = pg_backend_pid() as own from pg_stat_activity
    where pid = pg_backend_pid() or (
      pid = any ('{${processes.join()}}'::int[]) and datname = current_database()
      and (state is null or state not like 'idle%')
    )`;
}

/** The time of the driver for a connection is over, or that of the system. A server that refuses lives. */
function isUnreachable(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/.test(code) || message === 'timeout expired';
}
