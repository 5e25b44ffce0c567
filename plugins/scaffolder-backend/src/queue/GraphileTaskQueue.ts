// The queue for several instances that share a PostgreSQL database: graphile-worker jobs in a schema of their own.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Logger, Task, WorkerPool } from 'graphile-worker';
import type { Knex } from 'knex';
import type { Pool } from 'pg';
import { isPooled } from '../database/isPooled';
import { createPool } from './createPool';
import { PatientPool } from './PatientPool';
import type { TaskQueue } from './TaskQueue';

const SCHEMA = 'greenroom_scaffolder_jobs';
const JOB = 'task';
/** An arbitrary number, which must stay the same in every release. */
const ADVISORY_LOCK = 7_206_116;
/** The poll interval of a worker behind a pooler, which does not forward notifications. */
const UNTOLD_POLL_MS = 2_000;
/** Multiplied by the number of workers, so that together they poll about once a second, for jobs to be retried. */
const POLL_MS_BY_WORKER = 1_000;
/** The limit for a statement on the jobs, which are all quick. A worker on a dead connection would take no further job. */
const LONGEST_ANSWER_MS = 20_000;
/** How long the end may take once all calls have returned. A job that is not reported as done is run again in vain. */
const LONGEST_END_MS = 2_000;

/** One job per task, with the task id as its key, so a task can't be queued twice. */
export class GraphileTaskQueue implements TaskQueue {
  readonly #knex: Knex;
  readonly #pool: PatientPool;
  readonly #holder: string;
  readonly #logger: LoggerService;
  readonly #running = new Set<Promise<void>>();
  #workers: WorkerPool | undefined;

  private constructor(knex: Knex, pool: Pool, options: { holder: string; logger: LoggerService }) {
    this.#knex = knex;
    this.#pool = new PatientPool(pool, knex, options.logger);
    this.#holder = options.holder;
    this.#logger = options.logger;
  }

  /**
   * Connects to the database of `knex` and migrates the schema of the jobs.
   *
   * @param options - `holder` names this instance, `concurrency` is the number of parallel jobs, and `migrate: false`
   * leaves the schema as it is
   */
  static async connect(
    knex: Knex,
    options: { holder: string; concurrency: number; logger: LoggerService; migrate: boolean },
  ): Promise<GraphileTaskQueue> {
    if (options.migrate) await migrate(knex, options.logger);
    // One connection listens. A job uses one only while it is fetched or completed.
    const pool = await createPool(knex, options.concurrency + 1, { longestAnswerMs: LONGEST_ANSWER_MS });
    return new GraphileTaskQueue(knex, pool, options);
  }

  /** A single statement, which takes one round trip to PostgreSQL instead of four. */
  async create(tasks: Knex.QueryBuilder): Promise<void> {
    await addJobs(this.#knex, tasks);
  }

  async add(taskIds: readonly string[], trx: Knex.Transaction): Promise<void> {
    if (taskIds.length === 0) return;
    await addJobs(
      trx,
      trx('scaffolder_tasks')
        .whereIn('id', [...taskIds])
        .select('id', 'holder'),
    );
    // The library takes the key from a job that another instance has fetched, and would keep that job for good.
    await trx.raw(
      'delete from ??._private_jobs where id in (select id from ??._private_jobs where key is null for update skip locked)',
      [SCHEMA, SCHEMA],
    );
  }

  async findStuck(staleMs: number, trx: Knex = this.#knex): Promise<string[]> {
    const { rows } = await trx.raw<{ rows: Array<{ id: string }> }>(
      `select tasks.id from scaffolder_tasks tasks join :schema:.jobs jobs on jobs.key = tasks.id
       where tasks.status = 'open' and (
         jobs.locked_at not between now() - :stale * interval '1 ms' and now() + :stale * interval '1 ms'
         or (jobs.attempts = 0 and jobs.run_at > now() + :stale * interval '1 ms'))`,
      { schema: SCHEMA, stale: staleMs },
    );
    return rows.map(({ id }) => id);
  }

  async start({ concurrency, run }: Parameters<TaskQueue['start']>[0]): Promise<void> {
    const { runTaskList } = await import('graphile-worker');
    const isTold = !(await isPooled(this.#knex));
    const work: Task = async payload => {
      const running = run((payload as { taskId: string }).taskId);
      this.#running.add(running);
      await running.finally(() => this.#running.delete(running));
    };
    this.#workers = runTaskList(
      {
        schema: SCHEMA,
        concurrency,
        noHandleSignals: true,
        noPreparedStatements: !isTold,
        pollInterval: isTold ? Math.max(UNTOLD_POLL_MS, concurrency * POLL_MS_BY_WORKER) : UNTOLD_POLL_MS,
        logger: await toGraphileLogger(this.#logger),
      },
      { [JOB]: work, [`${JOB}:${this.#holder}`]: work },
      this.#pool as unknown as Pool,
    );
  }

  async stop(): Promise<void> {
    const stopped = this.#workers?.gracefulShutdown();
    await Promise.allSettled(this.#running);
    this.#pool.finishWithin(LONGEST_END_MS);
    await stopped;
    await this.#pool.end();
  }
}

/** Adds a job for each task that the statement returns: for its holder alone if it has one, otherwise for all. */
async function addJobs(knex: Knex, tasks: Knex.QueryBuilder): Promise<void> {
  await knex.raw(
    `with given as (?)
     select ??.add_job(
       identifier => concat_ws(':', ?::text, holder), payload => json_build_object('taskId', id), job_key => id
     ) from given`,
    [tasks, SCHEMA, JOB],
  );
}

/** One instance at a time, because the library does not expect concurrent migrations. */
async function migrate(knex: Knex, logger: LoggerService): Promise<void> {
  const { runMigrations } = await import('graphile-worker');
  // Migrations may take any time, so silence says nothing.
  const patient = await createPool(knex, 1);
  try {
    await knex.transaction(async lock => {
      await lock.raw('select pg_advisory_xact_lock(?)', [ADVISORY_LOCK]);
      await runMigrations({ pgPool: patient, schema: SCHEMA, logger: await toGraphileLogger(logger) });
    });
  } finally {
    await patient.end();
  }
}

/**
 * What the library logs about each job is only useful for debugging, apart from errors and warnings. It connects again
 * where it lost the connection over which it is notified of jobs, and meanwhile finds them all the same.
 */
async function toGraphileLogger(logger: LoggerService): Promise<Logger> {
  const { Logger: GraphileLogger } = await import('graphile-worker');
  return new GraphileLogger(() => (level, message) => {
    const matters = (level === 'error' || level === 'warning') && !/notify listener|UNLISTEN/.test(message);
    if (matters) logger.warn(`Queue of tasks: ${message}`);
    else logger.debug(`Queue of tasks: ${message}`);
  });
}
