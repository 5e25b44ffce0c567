// The interface for recurring tasks.
import type { HumanDuration, JsonObject } from '@backstage/types';
import type { Duration } from 'luxon';

/** The work of a task. It should return soon after the signal is aborted. */
export type SchedulerServiceTaskFunction =
  ((abortSignal: AbortSignal) => void | Promise<void>) | (() => void | Promise<void>);

/** A scheduled task. */
export type SchedulerServiceTaskDescriptor = {
  /** Unique within the plugin. */
  id: string;
  /** See {@link SchedulerServiceTaskScheduleDefinition.scope}. */
  scope: 'global' | 'local';
  /** For display only: the content may change. */
  settings: { version: number } & JsonObject;
};

/** When a task runs. */
export interface SchedulerServiceTaskScheduleDefinition {
  /**
   * How often the task runs: a cron expression (five fields, or six with seconds first) in the time zone of the
   * process, the time between the starts of two runs, or `{ trigger: 'manual' }` for a task that runs only when it is
   * triggered. Runs of a task do not overlap: a run that is late to end delays the next one.
   */
  frequency: { cron: string } | Duration | HumanDuration | { trigger: 'manual' };
  /**
   * How long a run may take. After that its signal is aborted. When `fn` has returned, or has not within 30 seconds
   * more (`backend.scheduler.leaseDuration`), another run may begin, possibly on another instance.
   */
  timeout: Duration | HumanDuration;
  /**
   * How long each instance waits before its first run; no delay by default. Other instances may run the task meanwhile.
   */
  initialDelay?: Duration | HumanDuration;
  /** `global`: one run at a time across all instances. `local`: every instance runs the task. Defaults to `global`. */
  scope?: 'global' | 'local';
}

/** When a task runs, in the form used in configuration. */
export interface SchedulerServiceTaskScheduleDefinitionConfig {
  /**
   * How often the task runs: `{ cron }`, a duration as an ISO string (`PT1H`), a short string (`1h`) or an object
   * (`{ hours: 1 }`), or `{ trigger: 'manual' }`.
   */
  frequency: { cron: string } | string | HumanDuration | { trigger: 'manual' };
  /** How long a run may take. */
  timeout: string | HumanDuration;
  /** How long each instance waits before its first run; no delay by default. */
  initialDelay?: string | HumanDuration;
  /** `global`: one run at a time across all instances. `local`: every instance runs the task. Defaults to `global`. */
  scope?: 'global' | 'local';
}

/** What a task does. */
export interface SchedulerServiceTaskInvocationDefinition {
  /** Unique within the plugin, and the same in every instance. */
  id: string;
  /** The work. */
  fn: SchedulerServiceTaskFunction;
  /** Aborting it ends the schedule on this instance, and aborts the current run. */
  signal?: AbortSignal;
}

/** A schedule to which a task can be added. */
export interface SchedulerServiceTaskRunner {
  /** Schedules the task, see {@link SchedulerService.scheduleTask}. */
  run(task: SchedulerServiceTaskInvocationDefinition): Promise<void>;
}

/** Runs the tasks of one plugin, coordinated across all instances. */
export interface SchedulerService {
  /**
   * Runs a task now, or once the plugin has started. Resolves without waiting for the run.
   *
   * @throws NotFoundError if there is no such task, ConflictError if it is running.
   */
  triggerTask(id: string): Promise<void>;
  /**
   * Aborts the signal of the current run of a task; on another instance within 10 seconds, a third of
   * `backend.scheduler.leaseDuration`. Later runs are not affected.
   *
   * @throws NotFoundError if there is no such task, ConflictError if it is not running.
   */
  cancelTask(id: string): Promise<void>;
  /**
   * Schedules a task, which runs once the plugin has started.
   *
   * @throws an error with code `GR_TASK_INVALID` if the ID or the schedule is invalid, and with code
   * `GR_TASK_DUPLICATE` if the ID is already taken.
   */
  scheduleTask(
    task: SchedulerServiceTaskScheduleDefinition & SchedulerServiceTaskInvocationDefinition,
  ): Promise<void>;
  /**
   * Returns a runner with a fixed schedule, so that schedule and task can be defined in different places. The schedule
   * is validated when a task is added.
   */
  createScheduledTaskRunner(schedule: SchedulerServiceTaskScheduleDefinition): SchedulerServiceTaskRunner;
  /** Returns the tasks that this instance has scheduled. */
  getScheduledTasks(): Promise<SchedulerServiceTaskDescriptor[]>;
}
