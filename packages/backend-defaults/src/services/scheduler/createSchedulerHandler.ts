// Serves the state of a plugin's tasks over HTTP, and lets them be triggered and cancelled.
import type { JsonObject } from '@backstage/types';
import type { Handler, Request } from 'express';
import type { TaskProgress } from './ScheduledTask';
import { refusal } from './schedulerErrors';
import type { TaskSettings } from './TaskSchedule';

const base = '/.backstage/scheduler/v1/tasks';

/**
 * A task with its settings and progress.
 *
 * @public
 */
export interface TaskDescription {
  id: string;
  scope: 'global' | 'local';
  settings: TaskSettings;
  timeoutMs: number;
  progress: TaskProgress;
}

/**
 * The scheduler that a handler serves.
 *
 * @public
 */
export interface ServedScheduler {
  describeTasks(): Promise<TaskDescription[]>;
  /** Throws `NotFoundError`, or `ConflictError` if the task is running. */
  triggerTask(id: string): Promise<void>;
  /** Throws `NotFoundError`, or `ConflictError` if the task is not running. */
  cancelTask(id: string): Promise<void>;
}

/**
 * Creates a handler for a plugin's router: `GET .../tasks`, `POST .../tasks/<id>/trigger` and `.../cancel` below
 * `/.backstage/scheduler/v1`. Passes every other request on.
 *
 * @public
 */
export function createSchedulerHandler(scheduler: ServedScheduler, pluginId: string): Handler {
  // Not an Express router, so that the plugin's other requests only pay for a string comparison.
  return async (req, res, next) => {
    if (!req.url.startsWith(base)) {
      next();
      return;
    }
    const action = actionOf(req);
    if (action === 'list') {
      const tasks = await scheduler.describeTasks();
      res.json({ tasks: tasks.map(task => describe(task, pluginId)) });
    } else if (action) {
      await (action.verb === 'trigger' ? scheduler.triggerTask(action.id) : scheduler.cancelTask(action.id));
      res.json({});
    } else {
      next();
    }
  };
}

function actionOf(req: Request): 'list' | { verb: 'trigger' | 'cancel'; id: string } | undefined {
  const path = req.path.slice(base.length);
  if (path === '' || path === '/') {
    return req.method === 'GET' || req.method === 'HEAD' ? 'list' : undefined;
  }
  const [, id, verb] = /^\/([^/]+)\/(trigger|cancel)\/?$/.exec(path) ?? [];
  if (req.method !== 'POST' || id === undefined) return undefined;
  try {
    return { id: decodeURIComponent(id), verb: verb as 'trigger' | 'cancel' };
  } catch {
    throw refusal(id, 'missing');
  }
}

function describe(
  { id, scope, settings, timeoutMs, progress }: TaskDescription,
  pluginId: string,
): JsonObject {
  const { running, startedAt, nextRunAt, lastEndedAt, lastError, worker } = progress;
  const last = {
    ...(lastEndedAt !== undefined && { lastRunEndedAt: time(lastEndedAt) }),
    ...(lastError !== undefined && { lastRunError: lastError }),
  };
  const taskState =
    running && startedAt !== undefined
      ? { status: 'running', startedAt: time(startedAt), timesOutAt: time(startedAt + timeoutMs), ...last }
      : { status: 'idle', ...(nextRunAt !== undefined && { startsAt: time(nextRunAt) }), ...last };
  return { taskId: id, pluginId, scope, settings, taskState, workerState: { status: worker } };
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
