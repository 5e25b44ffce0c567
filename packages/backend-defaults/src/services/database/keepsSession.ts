// Finds out whether a pooler stands before PostgreSQL that gives every transaction whichever connection is free.
import { DeadlinePassed, withDeadline } from '../../remote/withDeadline';

/** The part of a pg connection that is used here. */
export interface SessionConnection {
  /** Of the server process, as the other end has told it. */
  processID?: number | null;
  query(sql: string): Promise<{ rows: Array<{ pid: number }> }>;
  end(): Promise<void>;
}

/** As poolers that are busy may hand out the same connection twice. */
const rounds = 5;
/** Milliseconds; PgBouncer lets a transaction wait for a connection for minutes. */
const patience = 3_000;

/** Whether what is set for a connection, and what it locks or listens to, stays with it. */
export async function keepsSession(connect: () => Promise<SessionConnection>): Promise<boolean> {
  const one = await connect();
  try {
    // A pooler makes up a number for whom it lets in.
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

/** Begins transactions beside a connection, which would get its process if that is not its own. */
async function changesProcess(
  one: SessionConnection,
  other: SessionConnection,
  process: number,
): Promise<boolean> {
  for (let round = 0; round < rounds; round++) {
    // Waits where every session has a process of its own, and there are no more.
    if (!(await inTime(other.query('begin')))) return false;
    const now = await inTime(processOf(one));
    if (now !== process) return true;
    await other.query('rollback');
  }
  return false;
}

async function processOf(connection: SessionConnection): Promise<number> {
  const { rows } = await connection.query('select pg_backend_pid() as pid');
  return rows[0]!.pid;
}

async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  return withDeadline(answer, patience).catch(error => {
    if (error instanceof DeadlinePassed) return undefined;
    throw error;
  });
}
