// The requests about tasks: created, listed, read, cancelled, retried, and their events.
import type { AuditorService, HttpAuthService } from '@greenroom/backend-plugin-api';
import express, { Router } from 'express';
import { readSecrets, readTaskRequest, type ScaffolderTasks } from '../tasks/ScaffolderTasks';
import type { TaskEvent } from '../tasks/Task';
import type { TaskFeed } from '../tasks/TaskFeed';
import { audited } from './audited';
import { readAfter, readTaskListQuery } from './readTaskQuery';
import { streamEvents } from './streamEvents';
import { untilClosed } from './untilClosed';

/** What the requests are answered with. */
export interface TasksRouterOptions {
  readonly tasks: ScaffolderTasks;
  readonly feed: TaskFeed;
  readonly auditor: AuditorService;
  readonly httpAuth: HttpAuthService;
  /** Aborted when the backend stops: streams end, so that whoever reads them can go on at another instance. */
  readonly stopping: AbortSignal;
}

/** Readers ask again and again for new events; where there are none, they are let wait for so long. */
const LONGEST_WAIT_MS = 10_000;

/** Makes the router that answers below `/v2/tasks`. */
export function createTasksRouter({ tasks, feed, auditor, httpAuth, stopping }: TasksRouterOptions): Router {
  const router = Router();
  const json = express.json({ limit: '5mb' });

  router.post('/', json, async (request, res) => {
    const body = readTaskRequest(request.body);
    const credentials = await httpAuth.credentials(request);
    const meta = { actionType: 'create', templateRef: body.templateRef };
    const id = await audited(
      { auditor, request, eventId: 'task', severityLevel: 'medium', meta },
      async add => {
        const taskId = await tasks.create(body, credentials);
        add({ taskId });
        return taskId;
      },
    );
    res.status(201).json({ id });
  });

  router.get('/', async (request, res) => {
    const query = readTaskListQuery(request.query);
    const credentials = await httpAuth.credentials(request);
    const found = await audited(
      {
        auditor,
        request,
        eventId: 'task',
        meta: { actionType: 'list', request: { ...request.query } as never },
      },
      () => tasks.list(query, credentials),
    );
    res.json(found);
  });

  router.get('/:taskId', async (request, res) => {
    const { taskId } = request.params;
    const credentials = await httpAuth.credentials(request);
    const meta = { actionType: 'get', taskId };
    res.json(
      await audited({ auditor, request, eventId: 'task', meta }, () => tasks.get(taskId, credentials)),
    );
  });

  router.post('/:taskId/cancel', async (request, res) => {
    const { taskId } = request.params;
    const credentials = await httpAuth.credentials(request);
    const meta = { actionType: 'cancel', taskId };
    await audited({ auditor, request, eventId: 'task', severityLevel: 'medium', meta }, () =>
      tasks.cancel(taskId, credentials),
    );
    res.json({ status: 'cancelled' });
  });

  router.post('/:taskId/retry', json, async (request, res) => {
    const { taskId } = request.params;
    const secrets = readSecrets((request.body as { secrets?: unknown } | undefined)?.secrets);
    const credentials = await httpAuth.credentials(request);
    const meta = { actionType: 'retry', taskId };
    await audited({ auditor, request, eventId: 'task', severityLevel: 'medium', meta }, () =>
      tasks.retry(taskId, secrets, credentials),
    );
    res.status(201).json({ id: taskId });
  });

  router.get('/:taskId/events', async (request, res) => {
    const { taskId } = request.params;
    const after = readAfter(request);
    const credentials = await httpAuth.credentials(request);
    const meta = { actionType: 'events', taskId };
    const signal = AbortSignal.any([untilClosed(res, stopping), AbortSignal.timeout(LONGEST_WAIT_MS)]);
    const events = await audited({ auditor, request, eventId: 'task', meta }, async () => {
      await tasks.get(taskId, credentials);
      return firstOf(feed.follow(taskId, after, signal));
    });
    res.json(events ?? []);
  });

  router.get('/:taskId/eventstream', async (request, res) => {
    const { taskId } = request.params;
    const after = readAfter(request);
    const credentials = await httpAuth.credentials(request);
    const meta = { actionType: 'stream', taskId };
    const { spec } = await audited({ auditor, request, eventId: 'task', meta }, () =>
      tasks.get(taskId, credentials),
    );
    // Clients keep the stream of such a task open to show a retry, and take its end for a failure of the connection.
    const retries = spec.EXPERIMENTAL_recovery?.EXPERIMENTAL_strategy === 'startOver';
    await streamEvents(res, { feed, taskId, after, retries, signal: stopping });
  });

  return router;
}

async function firstOf(portions: AsyncGenerator<TaskEvent[]>): Promise<TaskEvent[] | undefined> {
  for await (const events of portions) return events;
  return undefined;
}
