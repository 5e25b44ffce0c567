// mockServices.scheduler: tasks without a clock. They run once when the backend has started, and when they are triggered.
import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  coreServices,
  createServiceFactory,
  type SchedulerService,
  type SchedulerServiceTaskDescriptor,
  type SchedulerServiceTaskInvocationDefinition,
  type SchedulerServiceTaskScheduleDefinition,
} from '@greenroom/backend-plugin-api';
import { mockOf } from './simpleMock';

/**
 * Options of `mockServices.scheduler.factory`.
 *
 * @public
 */
export interface MockSchedulerOptions {
  /** Whether tasks run only when triggered. Defaults to `false`. */
  skipTaskRunOnStartup?: boolean;
  /** Whether manual tasks also run at startup. Defaults to `false`. */
  includeManualTasksOnStartup?: boolean;
  /** Whether tasks with an initial delay also run at startup, without that delay. Defaults to `false`. */
  includeInitialDelayedTasksOnStartup?: boolean;
}

type Task = SchedulerServiceTaskScheduleDefinition & SchedulerServiceTaskInvocationDefinition;

/** A scheduler that runs tasks only when told to, and whose promises resolve when the tasks are done. */
export class MockSchedulerService implements SchedulerService {
  readonly #tasks = new Map<string, Task>();
  readonly #running = new Map<string, AbortController>();

  async scheduleTask(task: Task): Promise<void> {
    const { id, signal } = task;
    if (signal?.aborted) return;
    this.#tasks.set(id, task);
    const end = () => {
      // Another one may have taken its place.
      if (this.#tasks.get(id) === task) this.#tasks.delete(id);
    };
    signal?.addEventListener('abort', end, { once: true });
  }

  createScheduledTaskRunner(schedule: SchedulerServiceTaskScheduleDefinition) {
    return {
      run: (task: SchedulerServiceTaskInvocationDefinition) => this.scheduleTask({ ...schedule, ...task }),
    };
  }

  /** Runs a task. Resolves when the run is over, and rejects with the error of the task. */
  async triggerTask(id: string): Promise<void> {
    const task = this.#tasks.get(id);
    if (!task) throw new NotFoundError(`There is no task '${id}'`);
    if (this.#running.has(id)) throw new ConflictError(`The task '${id}' is running already`);
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      await task.fn(controller.signal);
    } finally {
      this.#running.delete(id);
    }
  }

  async cancelTask(id: string): Promise<void> {
    if (!this.#tasks.has(id)) throw new NotFoundError(`There is no task '${id}'`);
    const controller = this.#running.get(id);
    if (!controller) throw new ConflictError(`The task '${id}' is not running`);
    controller.abort();
  }

  async getScheduledTasks(): Promise<SchedulerServiceTaskDescriptor[]> {
    return [...this.#tasks.values()].map(({ id, scope = 'global' }) => ({
      id,
      scope,
      settings: { version: 1 },
    }));
  }

  /** Aborts the current runs, as a backend does when it stops. */
  stop(): void {
    this.#running.forEach(controller => controller.abort());
  }

  /** Runs what a start runs, one after the other. */
  async runStartupTasks(options: MockSchedulerOptions = {}): Promise<void> {
    if (options.skipTaskRunOnStartup) return;
    for (const { id, frequency, initialDelay } of [...this.#tasks.values()]) {
      const manual = 'trigger' in frequency;
      if (manual && !options.includeManualTasksOnStartup) continue;
      if (initialDelay !== undefined && !options.includeInitialDelayedTasksOnStartup) continue;
      await this.triggerTask(id);
    }
  }
}

/** See {@link mockServices}. */
export const scheduler = Object.assign((): SchedulerService => new MockSchedulerService(), {
  factory: (options?: MockSchedulerOptions) =>
    createServiceFactory({
      service: coreServices.scheduler,
      deps: { lifecycle: coreServices.lifecycle },
      factory({ lifecycle }): SchedulerService {
        const tasks = new MockSchedulerService();
        lifecycle.addStartupHook(() => tasks.runStartupTasks(options));
        lifecycle.addShutdownHook(() => tasks.stop());
        return tasks;
      },
    }),
  mock: mockOf<SchedulerService>(coreServices.scheduler, [
    'createScheduledTaskRunner',
    'getScheduledTasks',
    'scheduleTask',
    'triggerTask',
    'cancelTask',
  ]),
});
