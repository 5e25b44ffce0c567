// Wires up everything that runs tasks: the store, the queue and the worker of this instance.
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import type { ScaffolderSettings } from './config/readScaffolderSettings';
import { migrateScaffolder } from './database/migrateScaffolder';
import { TaskJournal } from './database/TaskJournal';
import { TaskLeases } from './database/TaskLeases';
import { TaskStore } from './database/TaskStore';
import type { ScaffolderAccess } from './permissions/ScaffolderAccess';
import type { GraphileTaskQueue } from './queue/GraphileTaskQueue';
import { LocalTaskQueue } from './queue/LocalTaskQueue';
import type { TaskQueue } from './queue/TaskQueue';
import type { ScaffolderServices } from './scaffolderServices';
import type { StepTools } from './tasks/runSteps';
import { ScaffolderTasks } from './tasks/ScaffolderTasks';
import { TaskCipher } from './tasks/TaskCipher';
import { TaskFeed } from './tasks/TaskFeed';
import { TaskRun } from './tasks/TaskRun';
import { TaskWorker } from './tasks/TaskWorker';
import type { TemplateSource } from './templates/TemplateSource';

/** What tasks need. */
export interface TasksEnvironment extends Pick<
  ScaffolderServices,
  'auth' | 'database' | 'lifecycle' | 'logger' | 'tracing'
> {
  readonly settings: ScaffolderSettings;
  readonly access: ScaffolderAccess;
  readonly templates: TemplateSource;
  readonly tools: StepTools;
}

/** Tasks run as soon as the plugin has started. */
export async function startTasks(
  environment: TasksEnvironment,
): Promise<{ tasks: ScaffolderTasks; feed: TaskFeed }> {
  const { settings, database, lifecycle, logger, auth, tracing, access, templates, tools } = environment;
  const knex = await database.getClient();
  const migrate = !database.migrations?.skip;
  if (migrate) await migrateScaffolder(knex);

  const holder = randomUUID();
  const store = new TaskStore(knex);
  const feed = new TaskFeed(store, logger);
  const cipher = new TaskCipher(settings.secretKeys);
  const journal = new TaskJournal(knex, {
    holder,
    logger,
    patienceMs: settings.staleMs,
    onWritten: ids => feed.wake(ids),
    onCancelRequested: id => worker.cancel(id),
  });
  const leases = new TaskLeases(knex, holder);
  const { concurrency } = settings;
  const queue = await createTaskQueue(knex, store, { holder, logger, migrate, concurrency });
  const runTools = { ...tools, knex, journal, cipher, auth, access, settings, logger, tracing };
  // The queue calls back in the trace in which it connected. Without this, all tasks would end up in that one trace.
  const outside = tracing.context.active();
  const worker = new TaskWorker({
    ...settings,
    store,
    leases,
    queue,
    logger,
    run: (row, signal) => tracing.context.with(outside, () => new TaskRun(row, signal, runTools).run()),
  });
  access.register(ids => store.findAll(ids));
  lifecycle.addStartupHook(() => worker.start());
  // Runs after the next one, which may have run out of time: the database is closed soon.
  lifecycle.addShutdownHook(() => worker.handOverAll());
  // Not in a hook of its own, which could run earlier: tasks that went on would fail without the renderer.
  lifecycle.addShutdownHook(() => worker.stop().finally(() => tools.renderer.close()));
  const tasks = new ScaffolderTasks({
    store,
    queue,
    worker,
    cipher,
    templates,
    renderer: tools.renderer,
    auth,
    access,
    holder: concurrency > 0 ? holder : undefined,
  });
  return { tasks, feed };
}

/** A PostgreSQL database may be shared by several instances, an SQLite database belongs to one. */
async function createTaskQueue(
  knex: Knex,
  store: TaskStore,
  options: Parameters<typeof GraphileTaskQueue.connect>[1],
): Promise<TaskQueue> {
  if (!isPostgres(knex)) return new LocalTaskQueue(() => store.listOpenIds());
  const queues = await import('./queue/GraphileTaskQueue');
  return queues.GraphileTaskQueue.connect(knex, options);
}
