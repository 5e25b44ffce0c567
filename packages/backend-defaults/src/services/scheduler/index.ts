// The subpath ./scheduler.
export { InstanceLease, LeaseLostError, type LeaseStore } from '../../InstanceLease';
export { createSchedulerHandler } from './createSchedulerHandler';
export {
  DefaultSchedulerService,
  type SchedulerOptions,
  type TaskDescription,
} from './DefaultSchedulerService';
export { schedulerServiceFactory } from './factory';
export type { TaskProgress } from './ScheduledTask';
export {
  DuplicateTaskError,
  InvalidTaskError,
  TaskCancelledError,
  TaskStoppedError,
  TaskTimeoutError,
} from './schedulerErrors';
export type { TaskSettings } from './TaskSchedule';
