// The interface for recurring tasks.
import type { HumanDuration, JsonObject } from '@backstage/types';
import type { Duration } from 'luxon';

/** The work of a task. It should return soon after the signal is aborted. */
export type SchedulerServiceTaskFunction =
  ((abortSignal: AbortSignal) => void | Promise<void>) | (() => void | Promise<void>);

/** A task that is scheduled. */
export type SchedulerServiceTaskDescriptor = {
  /** Unique within the plugin. */
  id: string;
  /** See {@link SchedulerServiceTaskScheduleDefinition.scope}. */
  scope: 'global' | 'local';
  /** For looking at, not for relying on: its content may change. */
  settings: { version: number } & JsonObject;
};

/** When a task runs. */
export interface SchedulerServiceTaskScheduleDefinition {
  /**
   * How often: a cron expression (five fields, or six with seconds first), the time between the starts of two runs, or
   * `{ trigger: 'manual' }` for a task that runs only when it is triggered. Runs of one task don't overlap.
   */
  frequency: { cron: string } | Duration | HumanDuration | { trigger: 'manual' };
  /** How long a run may take: afterwards its signal is aborted and another run, maybe elsewhere, may begin. */
  timeout: Duration | HumanDuration;
  /** How long each instance waits before its first run. Defaults to none. Other instances may run the task meanwhile. */
  initialDelay?: Duration | HumanDuration;
  /** `global`: one run at a time over all instances. `local`: every instance runs it. Defaults to `global`. */
  scope?: 'global' | 'local';
}

/** When a task runs, as it is written in configuration. */
export interface SchedulerServiceTaskScheduleDefinitionConfig {
  /**
   * How often: `{ cron }`, a duration as an ISO string (`PT1H`), a short string (`1h`) or an object (`{ hours: 1 }`),
   * or `{ trigger: 'manual' }`.
   */
  frequency: { cron: string } | string | HumanDuration | { trigger: 'manual' };
  /** How long a run may take. */
  timeout: string | HumanDuration;
  /** How long each instance waits before its first run. Defaults to none. */
  initialDelay?: string | HumanDuration;
  /** `global`: one run at a time over all instances. `local`: every instance runs it. Defaults to `global`. */
  scope?: 'global' | 'local';
}

/** What a task does. */
export interface SchedulerServiceTaskInvocationDefinition {
  /** Unique within the plugin, and the same in every instance. */
  id: string;
  /** The work. */
  fn: SchedulerServiceTaskFunction;
  /** Aborting it ends the schedule in this instance. */
  signal?: AbortSignal;
}

/** A schedule that waits for its task. */
export interface SchedulerServiceTaskRunner {
  /** Schedules the task. */
  run(task: SchedulerServiceTaskInvocationDefinition): Promise<void>;
}

/** Runs the tasks of one plugin, coordinated over all instances. */
export interface SchedulerService {
  /**
   * Runs a task now.
   *
   * @throws NotFoundError if there is no such task, ConflictError if it is running.
   */
  triggerTask(id: string): Promise<void>;
  /**
   * Aborts the current run of a task.
   *
   * @throws NotFoundError if there is no such task, ConflictError if it is not running.
   */
  cancelTask(id: string): Promise<void>;
  /** Schedules a task. */
  scheduleTask(
    task: SchedulerServiceTaskScheduleDefinition & SchedulerServiceTaskInvocationDefinition,
  ): Promise<void>;
  /** Fixes a schedule now for a task that comes later, so that the two can be decided in different places. */
  createScheduledTaskRunner(schedule: SchedulerServiceTaskScheduleDefinition): SchedulerServiceTaskRunner;
  /** The tasks that this instance has scheduled. */
  getScheduledTasks(): Promise<SchedulerServiceTaskDescriptor[]>;
}
