// mockServices.scheduler: tasks without a clock, which run once when the backend has started, and when triggered.
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
  /** Runs no task by itself. Default: false. */
  skipTaskRunOnStartup?: boolean;
  /** Runs manual tasks at start too. Default: false. */
  includeManualTasksOnStartup?: boolean;
  /** Runs tasks with an initial delay at start too, without that delay. Default: false. */
  includeInitialDelayedTasksOnStartup?: boolean;
}

type Task = SchedulerServiceTaskScheduleDefinition & SchedulerServiceTaskInvocationDefinition;

/** A scheduler that runs tasks only on request. Its promises resolve when the tasks are done. */
export class MockSchedulerService implements SchedulerService {
  readonly #tasks = new Map<string, Task>();
  readonly #running = new Map<string, AbortController>();

  async scheduleTask(task: Task): Promise<void> {
    const { id, signal } = task;
    if (signal?.aborted) return;
    this.#tasks.set(id, task);
    const end = () => {
      // Another task may have replaced it.
      if (this.#tasks.get(id) === task) this.#tasks.delete(id);
    };
    signal?.addEventListener('abort', end, { once: true });
  }

  createScheduledTaskRunner(schedule: SchedulerServiceTaskScheduleDefinition) {
    return {
      run: (task: SchedulerServiceTaskInvocationDefinition) => this.scheduleTask({ ...schedule, ...task }),
    };
  }

  /** Resolves when the run has ended, or rejects with the error of the task. */
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

  /** Runs the tasks that are due at startup, one after the other. */
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
