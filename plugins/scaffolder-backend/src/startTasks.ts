// Puts together what runs tasks: the store, the queue and the worker of this instance.
import type {
  AuthService,
  DatabaseService,
  LifecycleService,
  LoggerService,
} from '@greenroom/backend-plugin-api';
import type { TracingService } from '@greenroom/backend-plugin-api/alpha';
import { randomUUID } from 'node:crypto';
import type { ScaffolderSettings } from './config/readScaffolderSettings';
import { migrateScaffolder } from './database/migrateScaffolder';
import { TaskJournal } from './database/TaskJournal';
import { TaskLeases } from './database/TaskLeases';
import { TaskStore } from './database/TaskStore';
import type { ScaffolderAccess } from './permissions/ScaffolderAccess';
import { createTaskQueue } from './queue/createTaskQueue';
import type { StepTools } from './tasks/runSteps';
import { ScaffolderTasks } from './tasks/ScaffolderTasks';
import { TaskCipher } from './tasks/TaskCipher';
import { TaskFeed } from './tasks/TaskFeed';
import { TaskRun } from './tasks/TaskRun';
import { traceTasks } from './tasks/traceTasks';
import { TaskWorker } from './tasks/TaskWorker';
import type { TemplateSource } from './templates/TemplateSource';

/** What tasks work with. */
export interface TasksEnvironment {
  readonly settings: ScaffolderSettings;
  readonly database: DatabaseService;
  readonly lifecycle: LifecycleService;
  readonly logger: LoggerService;
  readonly auth: AuthService;
  readonly tracing: TracingService;
  readonly access: ScaffolderAccess;
  readonly templates: TemplateSource;
  readonly tools: StepTools;
}

/** Tasks are run from the time on when the plugin has started. */
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
  const queue = await createTaskQueue(knex, {
    store,
    holder,
    logger,
    migrate,
    concurrency: settings.concurrency,
  });
  const runTools = { ...tools, knex, journal, cipher, auth, access, settings, logger };
  const inSpan = traceTasks(tracing);
  const worker = new TaskWorker({
    ...settings,
    store,
    leases,
    queue,
    logger,
    run: (row, signal) => inSpan(row, span => new TaskRun(row, signal, { ...runTools, span }).run()),
  });
  access.register(ids => store.findAll(ids));
  lifecycle.addStartupHook(() => worker.start());
  lifecycle.addShutdownHook(() => worker.stop());
  const { renderer } = tools;
  const tasks = new ScaffolderTasks({
    ...{ store, queue, worker, cipher, templates, renderer, auth, access },
    ...(settings.concurrency > 0 && { holder }),
  });
  return { tasks, feed };
}
