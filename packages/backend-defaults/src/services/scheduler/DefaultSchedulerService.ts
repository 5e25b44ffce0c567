// The scheduler of one plugin: global tasks under leases in the plugin's database, local ones by timers.
import type {
  DatabaseService,
  HttpRouterService,
  LoggerService,
  PluginMetadataService,
  RootLifecycleService,
  SchedulerService,
  SchedulerServiceTaskDescriptor,
  SchedulerServiceTaskInvocationDefinition,
  SchedulerServiceTaskRunner,
  SchedulerServiceTaskScheduleDefinition,
} from '@greenroom/backend-plugin-api';
import { longestStopMs } from './config';
import { createSchedulerHandler, type TaskDescription } from './createSchedulerHandler';
import type { GlobalTasks } from './GlobalTasks';
import type { LocalTask } from './LocalTask';
import type { ScheduledTask } from './ScheduledTask';
import { DuplicateTaskError, InvalidTaskError, refusal } from './schedulerErrors';
import type { ObserveTask } from '../telemetry/observeTasks';

/**
 * Options of {@link DefaultSchedulerService}.
 *
 * @public
 */
export interface SchedulerOptions {
  pluginId: string;
  /** Opened for the first global task. */
  database: DatabaseService;
  logger: LoggerService;
  /**
   * Milliseconds after which other instances take over the task of a dead one. Also how often each instance reads the
   * table, and how long a function may take to return after its signal is aborted. Default 30,000.
   */
  leaseMs?: number;
  /** Wraps the functions of tasks, for example to measure them. */
  observe?: ObserveTask;
}

/**
 * Runs tasks between `start` and `stop`. Tasks can be scheduled and triggered before that, and then run once started.
 *
 * @public
 */
export class DefaultSchedulerService implements SchedulerService {
  readonly #options: SchedulerOptions;
  readonly #leaseMs: number;
  readonly #tasks = new Map<string, ScheduledTask | undefined>();
  readonly #local = new Map<string, LocalTask>();
  readonly #leaving = new Map<string, Promise<void>>();
  #global: Promise<GlobalTasks> | undefined;
  #state: 'new' | 'started' | 'stopped' = 'new';

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 30_000;
  }

  /** Creates a scheduler with its routes, which starts and stops with the backend. For custom factories. */
  static create(options: {
    database: DatabaseService;
    httpRouter: HttpRouterService;
    logger: LoggerService;
    pluginMetadata: PluginMetadataService;
    rootLifecycle: RootLifecycleService;
  }): DefaultSchedulerService {
    const { database, httpRouter, logger, pluginMetadata, rootLifecycle } = options;
    const scheduler = new DefaultSchedulerService({ pluginId: pluginMetadata.getId(), database, logger });
    httpRouter.use(createSchedulerHandler(scheduler, pluginMetadata.getId()));
    rootLifecycle.addStartupHook(() => scheduler.start());
    rootLifecycle.addShutdownHook(() => scheduler.stop());
    return scheduler;
  }

  /**
   * Resolves when the task is known to all instances. It runs once the plugin has started. Rejects with
   * `InvalidTaskError`, or with `DuplicateTaskError` if the id is taken.
   */
  async scheduleTask(
    definition: SchedulerServiceTaskScheduleDefinition & SchedulerServiceTaskInvocationDefinition,
  ): Promise<void> {
    const { id, fn, signal } = definition;
    if (typeof id !== 'string' || id === '') {
      throw new InvalidTaskError(undefined, 'has no id', { hint: 'Give it a string as id.' });
    }
    // A schedule that has just ended may have a run that is still ending.
    await this.#leaving.get(id);
    if (this.#tasks.has(id)) {
      throw new DuplicateTaskError(id, this.#options.pluginId);
    }
    if (signal?.aborted) return;
    this.#tasks.set(id, undefined);
    try {
      const { TaskSchedule } = await import('./TaskSchedule');
      const schedule = await TaskSchedule.read(definition, id);
      const { observe } = this.#options;
      const task = { id, fn: observe?.({ id, scope: schedule.scope }, fn) ?? fn, schedule };
      await this.#add(task);
      this.#tasks.set(id, task);
    } catch (error) {
      this.#tasks.delete(id);
      throw error;
    }
    const end = () => void this.#leaving.set(id, this.#remove(id));
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) {
      end();
    }
  }

  /** The schedule is validated when a task is passed to `run`. */
  createScheduledTaskRunner(schedule: SchedulerServiceTaskScheduleDefinition): SchedulerServiceTaskRunner {
    return { run: task => this.scheduleTask({ ...schedule, ...task }) };
  }

  /**
   * Runs a task now, or once the plugin has started. Rejects with `NotFoundError`, or `ConflictError` if it is
   * running.
   */
  async triggerTask(id: string): Promise<void> {
    await (this.#local.get(id) ?? (await this.#globalOf(id))).trigger(id);
  }

  /** Aborts the current run, on whichever instance. Rejects with `NotFoundError`, or `ConflictError` if there is none. */
  async cancelTask(id: string): Promise<void> {
    await (this.#local.get(id) ?? (await this.#globalOf(id))).cancel(id);
  }

  async getScheduledTasks(): Promise<SchedulerServiceTaskDescriptor[]> {
    return this.#known().map(({ id, schedule: { scope, settings } }) => ({ id, scope, settings }));
  }

  /** The tasks of this instance and their progress. */
  async describeTasks(): Promise<TaskDescription[]> {
    const progress = await (await this.#global)?.progress();
    return this.#known().flatMap(({ id, schedule: { scope, settings, timeoutMs } }) => {
      const known = this.#local.get(id)?.progress ?? progress?.get(id);
      return known ? [{ id, scope, settings, timeoutMs, progress: known }] : [];
    });
  }

  /** Starts the initial delays of all tasks. */
  async start(): Promise<void> {
    if (this.#state !== 'new') return;
    this.#state = 'started';
    for (const task of this.#local.values()) {
      task.start();
    }
    (await this.#global)?.start();
  }

  /**
   * Aborts the signals of all runs. Resolves once they have returned, or have been abandoned after `longestMs`, or
   * after `leaseMs` if that is shorter.
   *
   * @param longestMs - in milliseconds; ten seconds by default
   */
  async stop(longestMs = longestStopMs): Promise<void> {
    this.#state = 'stopped';
    const why = 'its backend stops';
    const graceMs = Math.min(this.#leaseMs, longestMs);
    const global = await this.#global?.catch(() => undefined);
    const local = [...this.#local.values()];
    await Promise.all([global?.stop(why, graceMs), ...local.map(task => task.stop(why, graceMs))]);
  }

  async #add(task: ScheduledTask): Promise<void> {
    if (task.schedule.scope === 'global') {
      await (await this.#openGlobal()).add(task);
      return;
    }
    const { LocalTask } = await import('./LocalTask');
    const local = new LocalTask(task, { logger: this.#options.logger, graceMs: this.#leaseMs });
    this.#local.set(task.id, local);
    if (this.#state === 'started') {
      local.start();
    }
  }

  async #remove(id: string): Promise<void> {
    const why = 'its schedule was ended';
    await this.#local.get(id)?.stop(why);
    this.#local.delete(id);
    await (await this.#global?.catch(() => undefined))?.remove(id, why);
    this.#tasks.delete(id);
    this.#leaving.delete(id);
  }

  #openGlobal(): Promise<GlobalTasks> {
    this.#global ??= this.#connect().catch(error => {
      // If the database is not up yet, the next task tries again.
      this.#global = undefined;
      throw error;
    });
    return this.#global;
  }

  async #connect(): Promise<GlobalTasks> {
    const { database, logger } = this.#options;
    const [knex, { GlobalTasks }, { TaskTable }] = await Promise.all([
      database.getClient(),
      import('./GlobalTasks'),
      import('./TaskTable'),
    ]);
    const table = await TaskTable.open(knex, { skipMigrations: database.migrations?.skip });
    const tasks = new GlobalTasks({ table, logger, leaseMs: this.#leaseMs });
    if (this.#state === 'started') {
      tasks.start();
    }
    return tasks;
  }

  /** Also for tasks that only other instances have. */
  #globalOf(id: string): Promise<GlobalTasks> {
    // PostgreSQL has no text with a null character.
    if (!this.#global || id.includes('\0')) throw refusal(id, 'missing');
    return this.#global;
  }

  #known(): ScheduledTask[] {
    return [...this.#tasks.values()].filter(task => task !== undefined);
  }
}
