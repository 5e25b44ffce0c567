// The routes for tasks: create, list, get, cancel, retry, and read events.
import type { JsonObject } from '@backstage/types';
import type { AuditorService, BackstageCredentials, HttpAuthService } from '@greenroom/backend-plugin-api';
import express, { type Request, Router } from 'express';
import { readSecrets, readTaskRequest, type ScaffolderTasks } from '../tasks/ScaffolderTasks';
import type { TaskEvent } from '../tasks/Task';
import type { TaskFeed } from '../tasks/TaskFeed';
import { audited } from './audited';
import { readAfter, readTaskListQuery } from './readTaskQuery';
import { streamEvents } from './streamEvents';
import { untilClosed } from './untilClosed';

/** What the routes need. */
export interface TasksRouterOptions {
  readonly tasks: ScaffolderTasks;
  readonly feed: TaskFeed;
  readonly auditor: AuditorService;
  readonly httpAuth: HttpAuthService;
  /** Aborted when the backend stops. Ends the streams, so that their clients reconnect to another instance. */
  readonly stopping: AbortSignal;
}

/** How long a request for new events waits (long polling) if there are none. */
const LONGEST_WAIT_MS = 10_000;

/** Creates the router for `/v2/tasks`. */
export function createTasksRouter({ tasks, feed, auditor, httpAuth, stopping }: TasksRouterOptions): Router {
  const router = Router();
  const json = express.json({ limit: '5mb' });

  router.post('/', json, async (request, res) => {
    const body = readTaskRequest(request.body);
    const meta = { actionType: 'create', templateRef: body.templateRef };
    const id = await act(request, meta, async (credentials, add) => {
      const taskId = await tasks.create(body, credentials);
      add({ taskId });
      return taskId;
    });
    res.status(201).json({ id });
  });

  router.get('/', async (request, res) => {
    const query = readTaskListQuery(request.query);
    const meta = { actionType: 'list', request: { ...request.query } as never };
    res.json(await act(request, meta, credentials => tasks.list(query, credentials)));
  });

  router.get('/:taskId', async (request, res) => {
    const { taskId } = request.params;
    const meta = { actionType: 'get', taskId };
    res.json(await act(request, meta, credentials => tasks.get(taskId, credentials)));
  });

  router.post('/:taskId/cancel', async (request, res) => {
    const { taskId } = request.params;
    const meta = { actionType: 'cancel', taskId };
    await act(request, meta, credentials => tasks.cancel(taskId, credentials));
    res.json({ status: 'cancelled' });
  });

  router.post('/:taskId/retry', json, async (request, res) => {
    const { taskId } = request.params;
    const secrets = readSecrets((request.body as { secrets?: unknown } | undefined)?.secrets);
    const meta = { actionType: 'retry', taskId };
    await act(request, meta, credentials => tasks.retry(taskId, secrets, credentials));
    res.status(201).json({ id: taskId });
  });

  router.get('/:taskId/events', async (request, res) => {
    const { taskId } = request.params;
    const after = readAfter(request);
    const signal = untilClosed(res, stopping, LONGEST_WAIT_MS);
    const meta = { actionType: 'events', taskId };
    const events = await act(request, meta, async credentials => {
      await tasks.get(taskId, credentials);
      return firstOf(feed.follow(taskId, after, signal));
    });
    res.json(events ?? []);
  });

  router.get('/:taskId/eventstream', async (request, res) => {
    const { taskId } = request.params;
    const after = readAfter(request);
    const meta = { actionType: 'stream', taskId };
    const { spec } = await act(request, meta, credentials => tasks.get(taskId, credentials));
    // Clients keep the stream of such a task open to show a retry, and would take its end for a connection failure.
    const retries = spec.EXPERIMENTAL_recovery?.EXPERIMENTAL_strategy === 'startOver';
    await streamEvents(res, { feed, taskId, after, retries, signal: stopping });
  });

  return router;

  /** Runs `work` with the caller's credentials and audits the request. */
  async function act<T>(
    request: Request,
    meta: JsonObject,
    work: (credentials: BackstageCredentials, add: (more: JsonObject) => void) => Promise<T>,
  ): Promise<T> {
    const credentials = await httpAuth.credentials(request);
    const changes = request.method === 'POST';
    const event = { request, eventId: 'task', meta, ...(changes && { severityLevel: 'medium' as const }) };
    return audited(auditor, event, add => work(credentials, add));
  }
}

async function firstOf(portions: AsyncGenerator<TaskEvent[]>): Promise<TaskEvent[] | undefined> {
  for await (const events of portions) return events;
  return undefined;
}
