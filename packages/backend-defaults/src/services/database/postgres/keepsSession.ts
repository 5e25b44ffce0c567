// Detects whether a pooler in front of PostgreSQL gives each transaction whichever connection is free.
import { DeadlinePassed, withDeadline } from '../../../remote/withDeadline';
import type { PgConnection } from './prepareConnection';

/** More than one, because a busy pooler may hand out the same connection twice. */
const rounds = 5;
/** In milliseconds. PgBouncer lets a transaction wait for a connection for minutes. */
const patience = 3_000;

/** Whether settings, locks and subscriptions stay with a connection. */
export async function keepsSession(connect: () => Promise<PgConnection>): Promise<boolean> {
  const one = await connect();
  try {
    // A pooler invents a process id for each client.
    const process = await withDeadline(processOf(one), patience);
    if (process === one.processID) return true;
    const other = await connect();
    try {
      return !(await changesProcess(one, other, process));
    } finally {
      await other.end();
    }
  } finally {
    await one.end();
  }
}

/** Begins transactions on another connection. If processes are shared, one of them takes the process of `one`. */
async function changesProcess(one: PgConnection, other: PgConnection, process: number): Promise<boolean> {
  for (let round = 0; round < rounds; round++) {
    // This blocks if every session has its own process and no more are available.
    if (!(await inTime(other.query('begin')))) return false;
    const now = await inTime(processOf(one));
    if (now !== process) return true;
    await other.query('rollback');
  }
  return false;
}

async function processOf(connection: PgConnection): Promise<number> {
  const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]!.pid;
}

async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  return withDeadline(answer, patience).catch(error => {
    if (error instanceof DeadlinePassed) return undefined;
    throw error;
  });
}
