// Prepares new connections to PostgreSQL: limits, the role, and who they are to the server.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { DeadlinePassed, withDeadline } from '../../../remote/withDeadline';
import type { SilentConnections, WatchedConnection } from './SilentConnections';

/** The part of a pg connection that is used here. */
export interface PgConnection extends WatchedConnection {
  /** Id of the server process, as reported when connecting. */
  readonly processID: number | null;
  on(event: 'error', listener: (error: Error) => void): void;
  /** Its type is for one statement. For several, it resolves with a list of results. */
  query<Row>(sql: string): Promise<{ rows: Row[] }>;
  escapeIdentifier(name: string): string;
  end(): Promise<void>;
}

interface PreparationOptions {
  readonly role: string | undefined;
  readonly logger: LoggerService;
  /** `serverProcess` is the server's process for this connection, once it is known. */
  watch(connection: PgConnection, serverProcess?: number): void;
  readonly silent: SilentConnections;
}

/**
 * If an instance hangs or vanishes in the middle of a transaction, its locks last as long as its connection seems
 * alive, possibly for hours, and others wait for them. The limit is long because plugins may call other systems
 * during a transaction. A limit that somebody else has set is kept.
 */
const endTransactionsLeftOpen = `(select set_config(name, '10min', false) from pg_settings
  where name = 'idle_in_transaction_session_timeout' and source = 'default')`;

/**
 * Milliseconds until what prepares a connection, or a database, counts as lost. The pool would wait for 30 s, and then
 * take itself for full. Not less, because a pooler that is busy lets first statements wait.
 */
export const preparationTimeout = 10_000;

/**
 * Settles like `work`, which prepares a new connection. Closes the connection if that fails or takes too long, because
 * knex forgets it without doing so.
 */
export async function preparing<T>(
  connection: PgConnection,
  work: Promise<T>,
  silent: SilentConnections,
): Promise<T> {
  try {
    return await withDeadline(work, preparationTimeout);
  } catch (error) {
    if (error instanceof DeadlinePassed) silent.giveUp(connection, error.message);
    connection.end().catch(() => {});
    if (!(error instanceof DeadlinePassed)) throw error;
    const message = `PostgreSQL was connected to, but then did not answer within ${preparationTimeout} ms`;
    throw Object.assign(new Error(message), { code: 'ETIMEDOUT' });
  }
}

/** Makes the function that knex calls with each new connection. */
export function prepareConnection({ role, logger, watch, silent }: PreparationOptions) {
  return (connection: PgConnection, done: (error: Error | null, connection: PgConnection) => void) => {
    // Logged here, because the next user of the connection only learns that it is lost, not why.
    connection.on('error', error => {
      if ((error as { code?: unknown }).code !== '25P03') return;
      logger.warn(
        'PostgreSQL has undone a transaction that did nothing for too long, as others may wait for its locks: this process stood still or was blocked, or a transaction waits for something else than its queries',
      );
    });
    watch(connection);
    const assumeRole = role === undefined ? '' : `; set role ${connection.escapeIdentifier(role)}`;
    const prepare = `select pg_backend_pid() as pid, ${endTransactionsLeftOpen}${assumeRole}`;
    const prepared = connection
      .query<{ pid: number }>(prepare)
      .then(results => watch(connection, [results].flat()[0]!.rows[0]!.pid));
    preparing(connection, prepared, silent).then(
      () => done(null, connection),
      (error: Error) => done(error, connection),
    );
  };
}
