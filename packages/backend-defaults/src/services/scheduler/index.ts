// The subpath ./scheduler.
export { InstanceLease, LeaseLostError, type LeaseStore } from '../../InstanceLease';
export { createSchedulerHandler, type ServedScheduler, type TaskDescription } from './createSchedulerHandler';
export { DefaultSchedulerService, type SchedulerOptions } from './DefaultSchedulerService';
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
