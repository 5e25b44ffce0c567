// The connections of the queue in the shape that graphile-worker expects, except that they wait for an unreachable database.
import { toError } from '@backstage/errors';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { FailureLog } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';
import { setMaxListeners } from 'node:events';
import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg';
import { pause } from '../pause';
import { resetConnection } from './createPool';

const RETRY_MS = 1_000;
/** What the library gets when it is too late: there is no job, and nothing to do about others. */
const NOTHING = { rows: [] };

type Answer = Pick<QueryResult, 'rows'>;
type OnConnected = (error: Error | undefined, client?: PoolClient, release?: () => void) => void;

/**
 * A worker of graphile-worker ends if it can't store that its job is done, and is not replaced, so that after an outage
 * there might be none left. Here a statement that failed is repeated until it succeeds; any of them may run twice.
 */
export class PatientPool {
  readonly #pool: Pool;
  readonly #knex: Knex;
  readonly #log: FailureLog;
  readonly #clients = new Set<PoolClient>();
  /** Aborted when nothing is to be repeated any more. */
  readonly #finishing = new AbortController();
  readonly #abandoned = new AbortController();
  /** One wait for all statements that have failed. */
  #waiting: Promise<void> | undefined;

  /** @param knex - a client for the same database, which finds out whether it can be reached, and reports that */
  constructor(pool: Pool, knex: Knex, logger: LoggerService) {
    this.#pool = pool;
    this.#knex = knex;
    this.#log = new FailureLog(logger, 'Fetching tasks from the queue', { waits: true });
    // Each statement in progress has one.
    setMaxListeners(0, this.#abandoned.signal);
    pool.on('connect', client => this.#clients.add(client));
    pool.on('remove', client => this.#clients.delete(client));
  }

  /** With a callback, connects. Without, resolves with an object that takes a connection for each statement. */
  async connect(onConnected?: OnConnected): Promise<unknown> {
    if (!onConnected) return { query: (statement: QueryConfig) => this.#query(statement), release() {} };
    const connecting = this.#patiently(() => this.#pool.connect());
    return connecting.then(client => onConnected(undefined, client, () => client.release()), onConnected);
  }

  /** Gives up what is still running after the given time, or at once if the database can't be reached. */
  finishWithin(milliseconds: number): void {
    this.#finishing.abort();
    const abandon = () => {
      this.#abandoned.abort();
      this.#clients.forEach(resetConnection);
    };
    setTimeout(abandon, this.#waiting ? 0 : milliseconds).unref();
  }

  /** Closes the connections. */
  async end(): Promise<void> {
    await unlessAborted(this.#abandoned.signal, this.#pool.end());
  }

  async #query(statement: QueryConfig): Promise<Answer> {
    const asked = this.#patiently(() => this.#pool.query(statement));
    try {
      return (await unlessAborted(this.#abandoned.signal, asked)) ?? NOTHING;
    } catch {
      return NOTHING;
    }
  }

  /** Rejects only if there is no time left to repeat it. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const result = await work();
        this.#log.worked();
        return result;
      } catch (error) {
        if (this.#finishing.signal.aborted) throw error;
        this.#waiting ??= this.#untilReachable(toError(error)).finally(() => (this.#waiting = undefined));
        await this.#waiting;
      }
    }
  }

  async #untilReachable(failure: Error): Promise<void> {
    const { signal } = this.#finishing;
    let wasLost = false;
    for (;;) {
      const asked = this.#knex.raw('select 1').then(() => undefined, toError);
      const loss = await unlessAborted(signal, asked);
      if (signal.aborted) return;
      if (loss || !wasLost) this.#log.failed(loss ?? failure);
      await pause(RETRY_MS, signal);
      if (!loss) return;
      wasLost = true;
    }
  }
}

/** Resolves with `undefined` if the signal is aborted first. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const give = () => resolve(undefined);
    signal.addEventListener('abort', give);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
    if (signal.aborted) give();
  });
}
