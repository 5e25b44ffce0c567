// Creates and finds tasks, and changes those that no instance is running.
import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import type { Knex } from 'knex';
import type { Task, TaskEvent, TaskStatus } from '../tasks/Task';
import { applyTaskFilter, type TaskFilter } from './applyTaskFilter';
import { databaseNow } from './databaseNow';
import { clearTaskProgress } from './TaskProgress';
import { type TaskEventRow, type TaskRow, toTask, toTaskEvent } from './TaskRow';
import { writeEvents } from './writeEntries';

/** A new task, as it is stored. */
export interface NewTask extends OnBehalf {
  readonly id: string;
  /** JSON. */
  readonly spec: string;
  readonly createdBy?: string;
}

/** On whose behalf a task runs. */
export interface OnBehalf {
  readonly initiator: 'user' | 'service' | 'none';
  readonly sealed?: string;
  readonly secretNames: readonly string[];
  /** JSON. */
  readonly actionDecision?: string;
  /** The only instance that can run the task, if no other can decrypt `sealed`. */
  readonly holder?: string;
}

/** Which tasks to list, and how. */
export interface TaskListQuery {
  readonly createdBy?: readonly string[];
  readonly status?: readonly string[];
  readonly order?: ReadonlyArray<{ readonly field: TaskOrderField; readonly order: 'asc' | 'desc' }>;
  readonly limit?: number;
  readonly offset?: number;
  /** Limits the list to tasks that the caller may see. */
  readonly permitted?: PermissionCriteria<TaskFilter>;
}

/** The fields that tasks can be sorted by. */
export const taskOrderFields = ['created_at', 'created_by', 'id', 'last_heartbeat_at', 'status'] as const;
export type TaskOrderField = (typeof taskOrderFields)[number];

const EVENTS_PER_READ = 1000;

/** Each method runs a single kind of statement. Those that have to be atomic with others take a transaction. */
export class TaskStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Runs `work` in a transaction. */
  transaction<T>(work: (transaction: Knex.Transaction) => Promise<T>): Promise<T> {
    return this.#knex.transaction(work);
  }

  /** Returns the insert statement, which runs when it is awaited or as part of another statement. */
  create(task: NewTask): Knex.QueryBuilder {
    return this.#knex('scaffolder_tasks')
      .insert({
        id: task.id,
        spec: task.spec,
        status: 'open',
        created_by: task.createdBy ?? null,
        created_at: databaseNow(this.#knex),
        ...onBehalf(task, this.#knex),
      })
      .returning(['id', 'holder']);
  }

  async find(id: string): Promise<Task | undefined> {
    const row = await this.findRow(id);
    return row && toTask(row);
  }

  /** In the order of `ids`, with `undefined` for those that do not exist. */
  async findAll(ids: readonly string[]): Promise<Array<Task | undefined>> {
    const rows = await this.#knex<TaskRow>('scaffolder_tasks').whereIn('id', [...ids]);
    const byId = new Map(rows.map(row => [row.id, toTask(row)]));
    return ids.map(id => byId.get(id));
  }

  findRow(id: string): Promise<TaskRow | undefined> {
    return this.#knex<TaskRow>('scaffolder_tasks').where({ id }).first();
  }

  /** Newest first unless the query says otherwise, with the total number of matches. */
  async list(query: TaskListQuery): Promise<{ tasks: Task[]; totalTasks: number }> {
    const matching = this.#knex<TaskRow>('scaffolder_tasks').where(builder => {
      if (query.createdBy) builder.whereIn('created_by', [...query.createdBy]);
      if (query.status) builder.whereIn('status', [...query.status] as TaskStatus[]);
      if (query.permitted) applyTaskFilter(builder, query.permitted);
    });
    const page = matching.clone();
    for (const { field, order } of query.order ?? [{ field: 'created_at', order: 'desc' } as const]) {
      page.orderBy(field, order);
    }
    page.orderBy('id');
    if (query.limit !== undefined) page.limit(query.limit);
    if (query.offset !== undefined) {
      // SQLite supports an offset only together with a limit.
      if (query.limit === undefined) page.limit(Number.MAX_SAFE_INTEGER);
      page.offset(query.offset);
    }
    const [counted, rows] = await Promise.all([
      matching.clone().count({ count: '*' }).first() as Promise<{ count: number | string } | undefined>,
      page as Promise<TaskRow[]>,
    ]);
    return { tasks: rows.map(toTask), totalTasks: Number(counted?.count ?? 0) };
  }

  /** Ordered by creation time. */
  async listOpenIds(): Promise<string[]> {
    return this.#knex('scaffolder_tasks').where({ status: 'open' }).orderBy('created_at').pluck('id');
  }

  /** The next events of a task, at most a thousand. Fewer do not mean that the task has ended. */
  async listEvents(taskId: string, after = 0): Promise<TaskEvent[]> {
    const rows = await this.#knex<TaskEventRow>('scaffolder_task_events')
      .where('task_id', taskId)
      .andWhere('id', '>', after)
      .orderBy('id')
      .limit(EVENTS_PER_READ);
    return rows.map(toTaskEvent);
  }

  /** Whether the task has ended. A task that does not exist counts as ended. */
  async hasEnded(id: string): Promise<boolean> {
    const row = await this.#knex<TaskRow>('scaffolder_tasks').where({ id }).whereNull('ended_at').first('id');
    return row === undefined;
  }

  /**
   * The id of the last event of each task; tasks without events are absent. Rejects if the query takes longer than
   * `timeoutMs`.
   */
  async lastEventIds(taskIds: readonly string[], timeoutMs: number): Promise<Map<string, number>> {
    const rows: Array<{ task_id: string; last: number | string }> = await this.#knex('scaffolder_task_events')
      .timeout(timeoutMs)
      .whereIn('task_id', [...taskIds])
      .groupBy('task_id')
      .select('task_id')
      .max({ last: 'id' });
    return new Map(rows.map(({ task_id: id, last }) => [id, Number(last)]));
  }

  /** Cancels an open task, or asks the holder of a running one to. Returns which, or the status that allows neither. */
  async cancel(id: string): Promise<'cancelled' | 'requested' | TaskStatus | undefined> {
    return this.transaction(async trx => {
      const ifOpen = (then: Knex.Value, column: string) =>
        trx.raw(`case when status = 'open' then ? else ?? end`, [then, column]);
      // A single statement for both, because meanwhile the task may start, or be handed over by a stopping instance.
      const [found]: Array<Pick<TaskRow, 'status'>> = await trx('scaffolder_tasks')
        .where({ id })
        .whereIn('status', ['open', 'processing'])
        .update({
          status: ifOpen('cancelled', 'status'),
          ended_at: ifOpen(databaseNow(trx), 'ended_at'),
          sealed: ifOpen(null, 'sealed'),
          cancel_requested: true,
        })
        .returning('status');
      if (found?.status === 'processing') return 'requested';
      if (found) {
        const events = [
          { type: 'cancelled', body: { message: 'The task was cancelled before it began' } },
          { type: 'completion', body: { message: 'The task was cancelled', status: 'cancelled' } },
        ] as const;
        await writeEvents(trx, [{ taskId: id, events }]);
        return 'cancelled';
      }
      return (await trx<TaskRow>('scaffolder_tasks').where({ id }).first('status'))?.status;
    });
  }

  /** Reopens a failed or cancelled task. Returns `false` if it is neither. */
  async reopen(id: string, changes: OnBehalf, trx: Knex.Transaction): Promise<boolean> {
    const changed = await trx('scaffolder_tasks')
      .where({ id })
      .whereIn('status', ['failed', 'cancelled'])
      .update({
        status: 'open',
        ended_at: null,
        cancel_requested: false,
        interruptions: 0,
        resumptions: trx.raw('resumptions + 1'),
        ...onBehalf(changes, trx),
      });
    if (!changed) return false;
    // Clients stop reading at the first completion, so the events that ended the previous run become log lines.
    await trx('scaffolder_task_events')
      .where({ task_id: id })
      .whereIn('type', ['cancelled', 'completion'])
      .update({ type: 'log' });
    return true;
  }

  /** Deletes the progress of failed and cancelled tasks that ended more than `ageMs` ago. */
  async dropLeftovers(ageMs: number): Promise<void> {
    const ended = this.#knex('scaffolder_tasks')
      .whereNotNull('ended_at')
      .andWhere('ended_at', '<', this.#knex.raw('? - ?', [databaseNow(this.#knex), ageMs]))
      .select('id');
    await clearTaskProgress(this.#knex, ended);
  }
}

/** As columns. A task that only one instance can run gets a heartbeat, because it waits as long as that instance lives. */
function onBehalf({ initiator, sealed, secretNames, actionDecision, holder }: OnBehalf, knex: Knex) {
  return {
    initiator,
    sealed: sealed ?? null,
    secret_names: JSON.stringify(secretNames),
    action_decision: actionDecision ?? null,
    holder: holder ?? null,
    ...(holder !== undefined && { last_heartbeat_at: databaseNow(knex) }),
  };
}
